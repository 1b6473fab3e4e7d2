import { openSync, readSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { InterruptedError, MusterError } from '../errors/index.ts';

/**
 * Asks at the terminal, even while stdin and stdout are pipes; without a terminal a line of stdin is the answer.
 * What is typed is not shown unless `echo` is true.
 */
export const ask = async (prompt: string, options: { echo?: boolean } = {}): Promise<string> => {
  process.stderr.write(prompt);
  let terminal: ReadStream;
  try {
    terminal = new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return readLine(0);
  }
  try {
    return await typed(terminal, options.echo ?? false);
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
  }
};

// Reads keys until Enter, with the editing that people expect of a password prompt.
const typed = (terminal: ReadStream, echo: boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    terminal.setRawMode(true);
    terminal.setEncoding('utf8');
    terminal.on('data', (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') {
          process.stderr.write('\n');
          resolve(text);
        } else if (key === '\u0003') {
          process.stderr.write('\n');
          reject(new InterruptedError('interrupted at the prompt'));
        } else if (key === '\u0004' && text === '') {
          reject(new MusterError('the input ended at the prompt'));
        } else if (key === '\u007f' || key === '\b') {
          if (echo && text !== '') process.stderr.write('\b \b');
          text = [...text].slice(0, -1).join('');
        } else if (key === '\u0015') {
          if (echo) process.stderr.write('\b \b'.repeat([...text].length));
          text = '';
        } else if (key >= ' ') {
          if (echo) process.stderr.write(key);
          text += key;
        }
      }
    });
    terminal.on('error', reject);
  });

// One line, byte by byte, so that what follows stays for the next question.
const readLine = (descriptor: number): string => {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    if (readOne(descriptor, byte) === 0) {
      if (bytes.length > 0) break;
      throw new MusterError({ message: 'the input ended at the prompt', hint: 'there is no terminal to ask at' });
    }
    if (byte[0] === 0x0a) break;
    bytes.push(byte[0]!);
  }
  process.stderr.write('\n');
  return Buffer.from(bytes).toString('utf8').replace(/\r$/, '');
};

// A non-blocking stdin that has nothing yet throws EAGAIN.
const readOne = (descriptor: number, byte: Buffer): number => {
  for (;;) {
    try {
      return readSync(descriptor, byte, 0, 1, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
};
