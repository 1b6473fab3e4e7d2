import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withMarks } from '../../inventory/listing/listing.ts';
import { dumpJson } from '../../values/index.ts';
import type { RunDefinition, Schedule, Schedules } from '../types.ts';

/** Where runs find and leave what is theirs. */
export interface Places {
  /** The words that start muster. */
  readonly program: readonly string[];
  /** The directory of the records. */
  readonly runs: string;
  /** The file of states; what belongs to it stands beside it. */
  readonly state: string;
}

/** A file that belongs to a schedule of a file, beside the state. */
export const ownFile = ({ state }: Places, { file }: Schedules, name: string, ending: string): string => {
  // Two files may have schedules of the same name.
  const folder = join(dirname(state), 'schedules', encodeURIComponent(file).slice(-180));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${name}${ending}`);
};

const repeat = (option: string, values: readonly string[]): string[] => values.flatMap((value) => [option, value]);

/** The command line of `muster run`, without variables. */
const optionWords = (definition: RunDefinition): string[] => [
  ...repeat('--inventory', definition.inventory),
  ...(definition.limit === undefined ? [] : ['--limit', definition.limit]),
  ...repeat('--tags', definition.tags),
  ...repeat('--skip-tags', definition.skipTags),
  ...(definition.check ? ['--check'] : []),
  ...(definition.diff ? ['--diff'] : []),
  ...repeat('--vault-password-file', definition.vaultPasswordFiles),
  ...repeat('--vault-id', definition.vaultIds),
  ...definition.options,
];

/** The words that run a schedule's playbooks. Its variables go by a file that only the user can read. */
export const runWords = (
  schedule: Schedule,
  schedules: Schedules,
  places: Places,
  playbooks: readonly string[] = schedule.playbooks,
): string[] => {
  const words = [...places.program, 'run', ...playbooks, ...optionWords(schedule), '--runs-dir', places.runs];
  if (!schedule.extraVars) return words;
  const file = ownFile(places, schedules, schedule.name, '.vars.json');
  writeFileSync(file, `${dumpJson(withMarks(schedule.extraVars))}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return [...words, '--extra-vars', `@${file}`];
};
