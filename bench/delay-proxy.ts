import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * A long link: hands bytes on between one address and another port of the same address, half a round trip later. Says its
 * own port first. A line that is written to it is answered with how many round trips there were since the last one.
 */
const [address, port, latency] = process.argv.slice(2) as [string, string, string];
const roundTripMs = Number(latency);

// What a client sends within one round trip of its last wait cannot have waited for an answer to that.
let trips = 0;

/** Hands chunks on when they are due, in their order: each is at least as late as the one before. */
const delayed = (from: Socket, to: Socket, dueAt: () => number): void => {
  const waiting: { due: number; work: () => void }[] = [];
  const work = (): void => {
    while (waiting[0] && waiting[0].due <= performance.now()) waiting.shift()!.work();
    if (waiting[0]) setTimeout(work, Math.max(1, waiting[0].due - performance.now()));
  };
  const later = (one: () => void): void => {
    waiting.push({ due: dueAt(), work: one });
    if (waiting.length === 1) work();
  };
  from.on('data', (chunk) => later(() => void (to.writable && to.write(chunk))));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => void to.end()));
};

const server = createServer({ noDelay: true }, (client) => {
  // Who connects to a distant host is told so after a round trip; then their first bytes take half a one to get there.
  const isThereAt = performance.now() + roundTripMs * 1.5;
  const host = connect({ host: address, port: Number(port), noDelay: true });
  host.pause();
  setTimeout(() => host.resume(), roundTripMs * 1.5);
  let lastTrip = performance.now();
  trips++;
  client.on('data', () => {
    if (performance.now() - lastTrip < roundTripMs) return;
    lastTrip = performance.now();
    trips++;
  });
  delayed(client, host, () => Math.max(performance.now() + roundTripMs / 2, isThereAt));
  delayed(host, client, () => performance.now() + roundTripMs / 2);
});

server.listen(0, address, () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));
createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`${trips}\n`);
  trips = 0;
});
process.on('SIGTERM', () => process.exit(0));
