import type { Json, JsonObject } from '../../runner/values/index.ts';
import type { IsMeant, Outcome } from '../twins/results.ts';
import { plain } from './meant.ts';

// The tasks whose containers are compared with all that docker compose tells of them.
const thorough = new Set(['up', 'scale up', 'definition']);
const told = ['Name', 'State'];
const inFull = [
  ...told,
  ...['Command', 'ExitCode', 'Image', 'Labels', 'LocalVolumes', 'Mounts', 'Names', 'Networks', 'Ports', 'Project'],
  ...['Publishers', 'Service'],
];

/** Outcomes without what docker compose makes up and measures, and with an order for what it does at once. */
export const plainCompose = (outcomes: readonly Outcome[]): Outcome[] =>
  plain(outcomes)
    .filter(({ task }) => !task.startsWith('a changed '))
    .map(({ task, status, result }) => ({
      task,
      module: '',
      status,
      result: Object.fromEntries(
        Object.entries(result).flatMap(([name, value]): [string, Json][] => {
          if (name === 'containers') return [[name, ordered(parts(value, thorough.has(task) ? inFull : told))]];
          if (name === 'images') return [[name, ordered(parts(value, ['ContainerName', 'Repository', 'Tag']))]];
          if (name === 'actions') return [[name, ordered(value)]];
          // Of what went well the actions tell.
          if (name === 'stderr_lines') return status.startsWith('failed') ? [[name, ordered(value)]] : [];
          return /^std/.test(name) ? [] : [[name, steadyPlaces(value)]];
        }),
      ),
    }));

const ordered = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(steadyPlaces).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
    : value;

const parts = (value: Json, names: readonly string[]): Json =>
  (Array.isArray(value) ? (value as JsonObject[]) : []).map((row) =>
    Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]!])),
  );

/** A value in which the folder of a definition, and the version of docker compose, have no names of their own. */
const steadyPlaces = (value: Json): Json =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/\/tmp\/(?:ansible\w+|tmp\.\w+|m[\w.]+)(?=[/" ])/g, 'DEFINITION')
      .replace(/\/[\w./-]+\/docker (?=compose )/g, 'docker ')
      .replace(/("com\.docker\.compose\.version":)"[^"]*"/, '$1"VERSION"'),
  ) as Json;

/** What is meant to differ. */
export const isMeantForCompose: IsMeant = ({ task }, value, mine, its) => {
  // Ansible's module tells of a look that it takes first, or of the list that it asks for last.
  if (looks.has(task)) return value !== 'msg' || ownWords.get(task)?.test(String(mine)) === true || isSame(mine, its);
  return value === 'msg' && (ownWords.get(task)?.test(String(mine)) === true || isSame(mine, its));
};

const isSame = (mine: Json | undefined, its: Json): boolean =>
  String(mine).replace('General error: ', '') === String(its).replace('General error: ', '');

const looks = new Set([
  ...['folder without a file, not looked at', 'file that is no YAML', 'name that is none', 'command that is none'],
  ...['context that is none', 'engine that is not there'],
]);

/** Where the words are each program's own. */
const ownWords: ReadonlyMap<string, RegExp> = new Map([
  ['scale below zero', /^The value -1 for scale\['web'\] is not an integer from 0 up$/],
  ['scale that is no number', /^The value many for scale\['web'\] is not an integer from 0 up$/],
  ['question answered by a version that asks none', /^assume_yes needs Docker Compose 2\.32\.0 or newer/],
  ['command that is none', /^docker_compose_v2 needs the docker command on the host/],
  ['context that is none', /context "nowhere" does not exist$/],
]);
