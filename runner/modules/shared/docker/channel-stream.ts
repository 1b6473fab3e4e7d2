import { Duplex } from 'node:stream';
import type { Channel } from '../../../connection/index.ts';

/** One stream out of a running command's input and output; when the command ends badly, it fails with what that said. */
export const channelStream = (channel: Channel, failure: (said: string) => Error): Duplex => {
  let said = '';
  channel.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  channel.stderr.resume();
  channel.stdin.on('error', () => {});
  const stream: Duplex = new Duplex({
    read: () => void channel.stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void channel.stdin.write(chunk, () => done()),
    final: (done) => void channel.stdin.end(() => done()),
    destroy: (error, done) => {
      channel.kill();
      done(error);
    },
  });
  // It may fail before anybody has taken it.
  stream.on('error', () => {});
  channel.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) channel.stdout.pause();
  });
  // Its output has all arrived then, and it is known how it ended.
  channel.ended.then(
    ({ code }) => {
      if (code === 0) stream.push(null);
      else stream.destroy(failure(said || `exit code ${code}`));
    },
    (error: Error) => stream.destroy(error),
  );
  return stream;
};
