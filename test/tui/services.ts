import type { Reader } from '../../runner/events/index.ts';
import { ScreenAttendant } from '../../runner/tui/sources/attendant.ts';
import type { RunRequest } from '../../runner/tui/sources/run-request.ts';
import type { Services } from '../../runner/tui/sources/services.ts';
import * as sample from './sample.ts';

/** Services that tell of the sample site, and note what is asked of them. */
export interface SampleServices extends Services {
  readonly asking: ScreenAttendant;
  readonly calls: string[];
  readonly requests: RunRequest[];
  /** Of the run that was started last: who reads its events, and its end. */
  readonly reader: Reader | undefined;
  end(exitCode: number | Error): void;
}

export const sampleServices = (): SampleServices => {
  const calls: string[] = [];
  const requests: RunRequest[] = [];
  let reader: Reader | undefined;
  let end = (_exitCode: number | Error): void => {};
  const note =
    (what: string) =>
    async (name: string): Promise<void> =>
      void calls.push(`${what} ${name}`);
  return {
    asking: new ScreenAttendant(),
    calls,
    requests,
    get reader() {
      return reader;
    },
    end: (exitCode) => end(exitCode),
    playbooks: async () => sample.playbooks,
    form: async () => sample.fields,
    inventory: async () => sample.inventory,
    inventoryVariables: async () => sample.variables,
    history: async () => sample.history,
    events: async function* () {
      yield* sample.sampleRecord();
    },
    isGoingOn: () => false,
    start: (request, reads) => {
      requests.push(request);
      reader = reads;
      const done = new Promise<number>((resolve, reject) => {
        end = (exitCode) => (typeof exitCode === 'number' ? resolve(exitCode) : reject(exitCode));
      });
      return {
        done,
        id: '0gr4kxq',
        pause: () => void calls.push('pause'),
        resume: () => void calls.push('resume'),
        interrupt: (how) => void calls.push(`interrupt ${how ?? 'as asked'}`),
        variables: async () => sample.variables,
      };
    },
    repeat: async (id, how) => ({ playbooks: [], repeats: [id, how] }),
    schedules: {
      list: async () => sample.schedules,
      runNow: note('run'),
      pause: note('pause'),
      resume: note('resume'),
    },
  };
};
