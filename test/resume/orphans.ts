import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until nothing that a killed run had begun runs any more: in its directory, or in sessions of a server of ssh. */
export const orphansGone = async (directory: string, sshdConfig: string): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    const all = processes();
    const servers = new Set(all.filter(({ command }) => command.includes(sshdConfig)).map(({ id }) => id));
    const left = all.filter(({ cwd, parent }) => cwd === directory || servers.has(parent));
    if (left.length === 0) return;
    if (attempt === 3000) throw new Error(`still running: ${left.map(({ command }) => command).join(', ')}`);
    await sleep(10);
  }
};

interface Process {
  readonly id: string;
  readonly parent: string;
  readonly command: string;
  readonly cwd: string;
}

const processes = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
        const [state, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${id}/cmdline`, 'latin1').replaceAll('\0', ' ');
        return [{ id, parent, command, cwd: readlinkSync(`/proc/${id}/cwd`) }];
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return [];
      }
    });
