import { readdirSync, readFileSync } from 'node:fs';

/** The variable that all processes of one measured run have in their environment. */
export const marker = 'MUSTER_BENCH_RUN';

const ticksPerSecond = 100;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process has ended.
    return '';
  }
};

/** Seconds of CPU that this process's own children took, of those that have ended. */
export const cpuOfEndedChildren = (): number => {
  const fields = statFields('self');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
};

/** Seconds of CPU that a living process has taken so far. */
export const cpuOf = (pid: number): number => {
  const fields = statFields(String(pid));
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
};

/** The fields of `stat` that follow the program's name. */
const statFields = (pid: string): string[] => {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

/**
 * The living processes of a run, wherever they went: also those that have left their parents, such as OpenSSH's masters.
 * `seen` remembers which processes were looked at, for runs with many others around.
 */
export const processesOf = (run: string, seen = new Map<number, boolean>()): number[] => {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    let isOfRun = seen.get(pid);
    if (isOfRun === undefined) {
      const environment = read(`/proc/${pid}/environ`);
      // It is empty for a moment while a process begins.
      if (environment === '') continue;
      isOfRun = environment.includes(`${marker}=${run}\0`);
      seen.set(pid, isOfRun);
    }
    if (isOfRun) found.push(pid);
  }
  return found;
};

/** Memory of a process in kB: its share of what it has in common with others, and the most that it ever held itself. */
export const memoryOf = (pid: number): { share: number; peak: number } => ({
  share: kilobytes(read(`/proc/${pid}/smaps_rollup`), 'Pss'),
  peak: kilobytes(read(`/proc/${pid}/status`), 'VmHWM'),
});

const kilobytes = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
