import { quote } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { Json, ResultObject } from '../../../../values/index.ts';
import type { ModuleContext } from '../../../define.ts';
import type { Answer } from '../../ask.ts';
import { outputValues } from '../../commands/decode.ts';
import {
  actionsOf,
  type ComposeEvent,
  errorsOf,
  type Ignored,
  isChange,
  readJsonEvents,
  readPlainEvents,
  warningsOf,
} from './events.ts';

/** A command of docker compose's: what it did, and its words for people. */
export interface Done {
  readonly answer: Answer;
  readonly command: readonly string[];
  readonly ignored: Ignored;
}

/** What the project has, as docker compose lists it. */
export interface Lists {
  readonly ps: Answer | undefined;
  readonly images: Answer | undefined;
}

type Row = { [key: string]: Json };

/** A list as docker compose writes it: an array, an object of them by name, or one a line. */
export const readList = (output = ''): Row[] => {
  const text = output.trim();
  if (text === '' || text === 'null') return [];
  if (text.startsWith('[')) return JSON.parse(text) as Row[];
  return text.split('\n').map((line) => JSON.parse(line) as Row);
};

const readImages = (output: string | undefined): Row[] => {
  const list = readList(output);
  const isByName = list.length === 1 && Object.values(list[0]!).every((one) => one !== null && typeof one === 'object');
  return isByName ? (Object.values(list[0]!) as Row[]) : list;
};

const words = (value: Json | undefined): string[] => (typeof value === 'string' ? value.split(',') : []);

const containerOf = (row: Row): Row => ({
  ...row,
  Labels: Object.fromEntries(
    words(row.Labels || undefined).map((label) => {
      const [name = '', ...value] = label.split('=');
      return [name, value.join('=')];
    }),
  ),
  Names: words(row.Names ?? row.Name),
  Networks: words(row.Networks ?? ''),
  Publishers: row.Publishers ?? [],
});

/** The result of one or two commands. Throws when one of them failed, with what there is of the project nevertheless. */
export const outcomeOf = (
  all: readonly Done[],
  lists: Lists,
  isJson: boolean,
  context: ModuleContext,
): ResultObject => {
  const told = all.map(({ answer: { stderr, code }, ignored }) => {
    const events = isJson ? readJsonEvents(stderr) : readPlainEvents(stderr, code !== 0);
    return { events, changed: events.some((event) => isChange(event, ignored)) };
  });
  const events = told.flatMap((one): ComposeEvent[] => one.events);
  for (const warning of warningsOf(events)) context.warn(warning);
  const common = {
    changed: told.some(({ changed }) => changed),
    actions: actionsOf(events).map((one) => ({ ...one })),
  };
  const failed = all.find(({ answer }) => answer.code !== 0);
  if (failed) {
    const { code, stdout, stderr } = failed.answer;
    const errors = errorsOf(events);
    throw new ModuleFailure(errors.length > 0 ? errors.join('\n') : `Return code ${code} is non-zero`, {
      ...common,
      cmd: failed.command.map(quote).join(' '),
      rc: code,
      ...outputValues(stdout, stderr),
      ...listed(lists),
    });
  }
  const unlisted = [lists.ps, lists.images].find((answer) => answer && answer.code !== 0);
  if (unlisted) {
    throw new ModuleFailure(unlisted.stderr.trim(), {
      ...common,
      rc: unlisted.code,
      ...outputValues(unlisted.stdout, unlisted.stderr),
    });
  }
  const [stdout, stderr] = (['stdout', 'stderr'] as const).map((stream) =>
    all
      .map(({ answer }) => answer[stream])
      .filter((text) => text !== '')
      .join('\n'),
  );
  return { ...common, ...(stdout && { stdout }), ...(stderr && { stderr }), ...listed(lists) };
};

const listed = ({ ps, images }: Lists): ResultObject => ({
  containers: ps?.code === 0 ? readList(ps.stdout).map(containerOf) : [],
  images: images?.code === 0 ? readImages(images.stdout) : [],
});
