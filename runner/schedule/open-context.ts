import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import { loadVaultSecrets, splitVaultId, type VaultSecrets } from '../vault/index.ts';
import { type Clock, machineClock } from './clock.ts';
import type { ScheduleContext } from './context.ts';
import type { Log } from './log.ts';
import { musterProgram } from './program.ts';
import { identify, openStore } from './state/index.ts';
import type { Schedules, SecretText } from './types.ts';

export interface ContextOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly program?: readonly string[];
  readonly showsRuns?: boolean;
}

/** Puts together what runs schedules. */
export const openContext = async (schedules: Schedules, options: ContextOptions): Promise<ScheduleContext> => {
  const { config, log, clock = machineClock, random = Math.random, program = musterProgram() } = options;
  const places = { program, runs: config.runsDir, state: config.scheduleState };
  const store = await openStore(places.state, { file: schedules.file, me: identify(), now: () => clock.now() });
  const stopping = new AbortController();
  const { showsRuns = false } = options;
  const reveal = revealer(schedules, config, log);
  return { schedules, store, places, clock, random, log, showsRuns, stopping, reveal };
};

/** Decrypts with the passwords of the configuration and of all schedules, which are read when the first is needed. */
export const revealer = (schedules: Schedules, config: Config, log: Log): ScheduleContext['reveal'] => {
  let vault: Promise<VaultSecrets> | undefined;
  const pathOf = (file: string): string => (file.startsWith('~') ? file : resolve(schedules.folder, file));
  const idOf = (text: string): string => {
    const { label, source } = splitVaultId(text);
    return label === undefined ? pathOf(source) : `${label}@${pathOf(source)}`;
  };
  const open = (): Promise<VaultSecrets> =>
    loadVaultSecrets({
      vaultIds: [...config.vaultIdentityList, ...schedules.schedules.flatMap(({ vaultIds }) => vaultIds.map(idOf))],
      passwordFiles: [
        ...schedules.schedules.flatMap(({ vaultPasswordFiles }) => vaultPasswordFiles.map(pathOf)),
        ...(config.vaultPasswordFile ? [config.vaultPasswordFile] : []),
      ],
      defaultId: config.vaultIdentity,
      matchIds: config.vaultIdMatch,
      ask: () => Promise.reject(new Error('nobody is there to be asked for a vault password')),
      warn: (reason) => log('warning', 'vault', { reason }),
    });
  return async (text: SecretText) => {
    if (typeof text === 'string') return text;
    vault ??= open();
    return (await vault).decryptText(text.ciphertext, text.origin);
  };
};
