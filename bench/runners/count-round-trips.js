// Read into muster's process before it begins: counts what it waits for, and writes the counts down at the end.
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

const counts = {};
subscribe('muster:round-trip', ({ kind }) => {
  counts[kind] = (counts[kind] ?? 0) + 1;
});
process.once('exit', () => writeFileSync(process.env.BENCH_ROUND_TRIPS, JSON.stringify(counts)));
