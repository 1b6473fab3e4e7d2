import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type HelperProcess, startHelper } from '../../bench/helper-process.ts';

const closing: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that answers with what it is sent, and a proxy before it. */
const openLink = async (latencyMs: number): Promise<{ proxy: HelperProcess; port: number }> => {
  const server = createServer((socket) => void socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => void server.close());
  const { port } = server.address() as { port: number };
  const file = new URL('../../bench/delay-proxy.ts', import.meta.url);
  const proxy = startHelper(file, ['127.0.0.1', String(port), String(latencyMs)]);
  closing.unshift(() => proxy.close());
  return { proxy, port: Number(await proxy.read()) };
};

test('a long link takes its time, keeps the order, and counts what was waited for', async () => {
  const latency = 40;
  const { proxy, port } = await openLink(latency);
  const socket = connect(port, '127.0.0.1');
  closing.unshift(async () => void socket.destroy());
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  const ask = async (text: string): Promise<number> => {
    const start = performance.now();
    answer = '';
    for (const letter of text) socket.write(letter);
    while (answer.length < text.length) await once(socket, 'data');
    return performance.now() - start;
  };
  // The first answer waits for the connection too. Timers may be early by a part of a millisecond.
  expect(await ask('a')).toBeGreaterThan(2 * latency - 5);
  for (let turn = 0; turn < 3; turn++) {
    const text = 'many letters that are sent one by one';
    expect(await ask(text)).toBeGreaterThan(latency - 5);
    expect(answer).toBe(text);
  }
  proxy.write('');
  // The connection itself, and the three, but not each letter; a slow machine may spread letters over several.
  const trips = Number(await proxy.read());
  expect(trips).toBeGreaterThanOrEqual(4);
  expect(trips).toBeLessThan(60);
  proxy.write('');
  expect(await proxy.read()).toBe('0');
});
