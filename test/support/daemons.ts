import { cleanUpAfterEach } from './clean-ups.ts';
import { type ScheduleFolder, type SimulatedDaemon, scheduleFolder, simulateDaemon } from './schedules.ts';

/** Makes folders of schedules and daemons that work by them in simulated time, for the test that asks for them. */
export interface Daemons {
  /** A folder with schedules of a script that ends well, unless told otherwise. */
  folderOf(...schedules: string[]): ScheduleFolder;
  /** A daemon that begins at a time. */
  start(folder: ScheduleFolder, now: string, options?: { random?: () => number }): Promise<SimulatedDaemon>;
  cleanUp(...works: (() => unknown)[]): void;
}

/** To be called at the top of a file of tests. */
export const daemonsForTests = (): Daemons => {
  const cleanUp = cleanUpAfterEach();
  return {
    cleanUp,
    folderOf: (...schedules) => {
      const entries = schedules.map((one) => `  - {${one.includes('playbook:') ? '' : 'playbook: job, '}${one}}\n`);
      const folder = scheduleFolder(`defaults: {time_zone: Europe/Paris}\nschedules:\n${entries.join('')}`);
      folder.write('job', 'exit 0\n');
      cleanUp(folder.remove);
      return folder;
    },
    start: async (folder, now, options = {}) => {
      const daemon = await simulateDaemon(folder, now, options);
      let isStopped = false;
      const stop = async (): Promise<void> => {
        if (!isStopped) await daemon.stop();
        isStopped = true;
      };
      cleanUp(stop);
      return { ...daemon, stop };
    },
  };
};

/** When runs began, of all schedules or of one. */
export const startsOf = (daemon: SimulatedDaemon, name?: string): string[] =>
  daemon.log
    .filter(({ event, schedule }) => event === 'run_started' && (name === undefined || schedule === name))
    .map(({ time }) => time.replace('.000Z', 'Z'));
