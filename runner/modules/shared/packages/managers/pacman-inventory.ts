import { sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { commandFailure, mustGo } from '../../answers.ts';
import { type Answer, ask, missingCommand, went } from '../../ask.ts';
import { linesOf } from './tool.ts';

/** What pacman knows. */
export interface Inventory {
  /** Versions by name. */
  readonly installed: ReadonlyMap<string, string>;
  readonly available: ReadonlySet<string>;
  /** The packages of groups that can be installed. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly upgradable: ReadonlyMap<string, { readonly current: string; readonly latest: string }>;
  /** Why a package is there. */
  readonly reasons: ReadonlyMap<string, 'explicit' | 'dependency'>;
}

/** Asks pacman for all that it knows: one round trip. */
export const readInventory = async (program: string, context: ModuleContext): Promise<Inventory> => {
  const answers = await ask(context, {
    program: sh`command -v ${program}`,
    installed: sh`${program} --query`,
    available: sh`${program} --sync --list`,
    groups: sh`${program} --sync --groups --groups`,
    upgradable: sh`${program} --query --upgrades`,
    explicit: sh`${program} --query --explicit`,
    dependencies: sh`${program} --query --deps`,
  });
  if (!went(answers.program)) throw missingCommand(program);
  for (const name of ['installed', 'available', 'groups', 'explicit'] as const) mustGo(answers[name]);
  const words = (answer: Answer | undefined): string[][] => linesOf(answer!.stdout).map((line) => line.split(/\s+/));
  const groups = new Map<string, string[]>();
  for (const [group = '', name = ''] of words(answers.groups)) groups.set(group, [...(groups.get(group) ?? []), name]);
  return {
    installed: new Map(words(answers.installed).map(([name = '', version = '']) => [name, version])),
    available: new Set(words(answers.available).map(([, name = '']) => name)),
    groups,
    upgradable: readUpgrades(answers.upgradable!),
    reasons: new Map([
      ...words(answers.explicit).map(([name = '']) => [name, 'explicit'] as const),
      ...words(answers.dependencies).map(([name = '']) => [name, 'dependency'] as const),
    ]),
  };
};

/** Lines such as `strace 5.14-1 -> 5.15-1`; there are none, and it fails, when nothing can be upgraded. */
const readUpgrades = (answer: Answer): Map<string, { current: string; latest: string }> => {
  if (answer.code !== 0) {
    if (answer.code === 1 && answer.stdout === '') return new Map();
    throw commandFailure(answer, "Couldn't get list of packages available for upgrade");
  }
  return new Map(
    linesOf(answer.stdout)
      .filter((line) => !line.includes('[ignored]'))
      .map((line) => {
        const [name, current, arrow, latest] = line.split(/\s+/);
        if (name === undefined || current === undefined || arrow !== '->' || latest === undefined) {
          throw new ModuleFailure(`Invalid line: ${line}`);
        }
        return [name, { current, latest }];
      }),
  );
};
