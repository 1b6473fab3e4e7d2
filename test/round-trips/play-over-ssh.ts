import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RoundTrip, watchRoundTrips } from '../../runner/connection/index.ts';
import { playAttended } from '../support/attended-play.ts';
import type { Sshd } from '../support/sshd.ts';

/** The folder that the plays of these tests may fill, as `dir`; it is gone after each play. */
export const placeOf = (sshd: Sshd): string => join(sshd.directory, 'out');

/** Plays tasks over a real ssh connection; tells what came of them, and what each cost, by the tasks' names. */
export const playOverSsh = async (sshd: Sshd, tasks: readonly string[], look: () => void = () => {}) => {
  const trips: Record<string, RoundTrip['kind'][]> = {};
  let task = '';
  const stop = watchRoundTrips(({ kind }) => {
    trips[task] = [...(trips[task] ?? []), kind];
  });
  const names = new Map<string, string>();
  try {
    const play = await playAttended(
      `  tasks:\n    - name: warm up\n      command: "true"\n${tasks.map((line) => `    ${line}\n`).join('')}`,
      {
        flags: {
          connection: 'ssh',
          privateKey: sshd.privateKey,
          sshCommonArgs: `-F none -o IdentityAgent=none -o UserKnownHostsFile=${sshd.knownHosts}`,
        },
        files: { 'a.txt': 'a\n', 'b.j2': 'hello {{ color }}\n' },
        onEvent: (event) => {
          if (event.type === 'task_started') names.set(event.task, event.name);
          if (event.type === 'host_started') {
            task = names.get(event.task) ?? '';
            trips[task] ??= [];
          }
        },
      },
      [`ansible_host=${sshd.host}`, `ansible_port=${sshd.port}`, `dir=${placeOf(sshd)}`],
    );
    look();
    return { ...play, trips };
  } finally {
    stop();
    rmSync(placeOf(sshd), { recursive: true, force: true });
  }
};
