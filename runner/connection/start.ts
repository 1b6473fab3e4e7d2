import { BecomeError, UnreachableError } from '../errors/index.ts';
import { missingPassword, wrongPassword } from './become/failures.ts';
import type { BecomeSpec } from './connection-spec.ts';
import type { OutputStream } from './shell-request.ts';
import { startFailure } from './start-failure.ts';
import type { Channel } from './transport.ts';

interface Start {
  readonly channel: Channel;
  readonly word: string;
  readonly terminal: boolean;
  /** What a question for the password looks like. */
  readonly prompt: RegExp | undefined;
  readonly become: BecomeSpec | undefined;
  readonly timeout: number;
}

// More than any message of the day.
const mostNoise = 1 << 18;

/**
 * Waits for the lines that tell that a command runs, answers the question for a password on the way, and leaves the
 * output streams paused right behind those lines. Resolves with the command's process id.
 */
export const awaitStart = (start: Start): Promise<number> =>
  new Promise((resolve, reject) => {
    const { channel, word, terminal, prompt, become, timeout } = start;
    const noise: Record<OutputStream, string> = { stdout: '', stderr: '' };
    const marks: Record<OutputStream, RegExp> = terminal
      ? { stdout: new RegExp(`${word} (\\d+)\\r?\\n([\\s\\S]*?)${word}\\r?\\n`), stderr: /$^/ }
      : { stdout: new RegExp(`${word} (\\d+)\\r?\\n`), stderr: new RegExp(`${word}\\r?\\n`) };
    const missing = new Set<OutputStream>(terminal ? ['stdout'] : ['stdout', 'stderr']);
    let pid = 0;
    let answered = false;
    let isOver = false;

    const settle = (settled: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      for (const stream of ['stdout', 'stderr'] as const) {
        channel[stream].off('data', readers[stream]);
        channel[stream].pause();
      }
      settled();
    };
    const fail = (error: Error): void =>
      settle(() => {
        channel.kill();
        // What is still under way must not keep the channel open.
        channel.stdout.resume();
        channel.stderr.resume();
        reject(error);
      });

    const answer = (stream: OutputStream): void => {
      if (!prompt?.test(lastLine(noise[stream])) || !become) return;
      if (become.password === undefined || become.password === '') fail(missingPassword(become));
      else if (answered) fail(wrongPassword(become));
      else {
        answered = true;
        noise[stream] = '';
        channel.stdin.write(`${become.password}\n`);
      }
    };

    const read = (stream: OutputStream) => (chunk: Buffer) => {
      // latin1 keeps every byte, so that what follows the mark can be handed on.
      noise[stream] += chunk.toString('latin1');
      const found = marks[stream].exec(noise[stream]);
      if (!found) {
        if (noise[stream].length > mostNoise) noise[stream] = noise[stream].slice(-mostNoise / 2);
        answer(stream);
        return;
      }
      missing.delete(stream);
      if (found[1] !== undefined) pid = Number(found[1]);
      channel[stream].off('data', readers[stream]);
      channel[stream].pause();
      const rest = noise[stream].slice(found.index + found[0].length);
      if (rest !== '') channel[stream].unshift(Buffer.from(rest, 'latin1'));
      if (missing.size === 0) settle(() => resolve(pid));
    };
    const readers = { stdout: read('stdout'), stderr: read('stderr') };

    const timer = setTimeout(() => {
      const said = text(noise);
      const detail = said === '' ? '' : `; the host said: ${said}`;
      fail(
        become
          ? new BecomeError(
              `timed out after ${timeout} s waiting to become ${become.user} by ${become.method}${detail}`,
            )
          : new UnreachableError(`timed out after ${timeout} s waiting for a shell on the host${detail}`),
      );
    }, timeout * 1000);

    channel.stdout.on('data', readers.stdout);
    channel.stderr.on('data', readers.stderr);
    channel.ended.then(
      ({ code }) => fail(startFailure(become, text(noise), code)),
      (error: Error) => fail(error),
    );
  });

const lastLine = (text: string): string => text.slice(text.lastIndexOf('\n') + 1);

const text = (noise: Record<OutputStream, string>): string =>
  Buffer.from(`${noise.stdout}\n${noise.stderr}`, 'latin1').toString().trim();
