// A process that competes with others for the runs of one schedule: `schedule-claims.ts STATE FILE ROUNDS`.
import { identify, openStore } from '../../runner/schedule/state/index.ts';

const [state = '', file = '', rounds = ''] = process.argv.slice(2);
const store = await openStore(state, { file, me: identify(), now: Date.now });
let claimed = 0;
for (;;) {
  const due = store.state('job')?.nextAt;
  if (due === undefined || due > Number(rounds)) break;
  const result = store.claim({
    name: 'job',
    reason: 'schedule',
    attempt: 1,
    dueAt: due,
    next: { expected: due, at: due + 1 },
    overlap: 'queue',
  });
  if (result.kind !== 'claimed') continue;
  claimed++;
  // Another one that began before the end of this one would be caught by the unique index, and counted here.
  if (store.allActive().length !== 1) throw new Error('two runs go on at a time');
  store.finish(result.run.id, { outcome: 'ok' }, false);
}
store.close();
process.stdout.write(String(claimed));
