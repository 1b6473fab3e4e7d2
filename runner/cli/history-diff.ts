import type { Config } from '../config/index.ts';
import { localTime } from '../output/local-time.ts';
import { type Color, paint, type Screen, standardScreen } from '../output/screen.ts';
import {
  compareRuns,
  type Difference,
  findRun,
  hostMatcher,
  type Manifest,
  type RunRecord,
  readEvents,
} from '../record/index.ts';

const colors: Readonly<Record<string, Color>> = {
  ok: 'green',
  changed: 'yellow',
  failed: 'red',
  unreachable: 'brightRed',
  skipped: 'cyan',
};

/** Writes what went otherwise in the second of two runs, host by host. */
export const historyDiff = async (
  runs: string,
  firstName: string,
  secondName: string,
  options: { readonly host?: string },
  config: Config,
): Promise<void> => {
  const [first, second] = [findRun(runs, firstName), findRun(runs, secondName)];
  const screen = standardScreen({ noColor: config.noColor, forceColor: config.forceColor });
  const isMeant = options.host === undefined ? () => true : hostMatcher(options.host);
  const { hosts, same } = await compareRuns(readEvents(first), readEvents(second));
  const lines = [aboutRun(first), aboutRun(second), ...manifestLines(first.manifest, second.manifest)];
  for (const [host, differences] of hosts) {
    if (isMeant(host)) lines.push('', paint(screen, 'bold', host), ...differences.map((one) => taskLine(one, screen)));
  }
  lines.push('', same === 1 ? '1 host went as before.' : `${same} hosts went as before.`);
  screen.write(`${lines.join('\n')}\n`);
};

const aboutRun = ({ id, startedAt, status, manifest }: RunRecord): string =>
  `${id}  ${localTime(startedAt)}  ${status}  ${manifest?.playbooks.map(({ path }) => path).join(' ') ?? ''}`.trimEnd();

/** What was not the same to begin with. */
const manifestLines = (first: Manifest | undefined, second: Manifest | undefined): string[] => {
  if (!first || !second) return [];
  const lines: string[] = [];
  const differ = (left: unknown, right: unknown): boolean => JSON.stringify(left) !== JSON.stringify(right);
  if (differ(first.command, second.command)) lines.push('the command lines differ');
  if (differ(first.playbooks, second.playbooks)) lines.push('the playbooks differ');
  if (differ(first.inventory, second.inventory)) lines.push('the inventories differ');
  if (differ(first.git?.revision, second.git?.revision)) {
    lines.push(`git: ${first.git?.revision.slice(0, 10) ?? 'none'} -> ${second.git?.revision.slice(0, 10) ?? 'none'}`);
  }
  return lines;
};

const taskLine = ({ task, before, after, message }: Difference, screen: Screen): string => {
  const word = (status: string | undefined): string =>
    status === undefined ? 'not run' : paint(screen, colors[status], status);
  const reason = message === undefined ? '' : `: ${message.split('\n')[0]}`;
  return `  ${task}: ${word(before)} -> ${word(after)}${reason}`;
};
