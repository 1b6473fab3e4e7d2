import type { Readable } from 'node:stream';
import type { JsonObject } from './engine.ts';

/** The two outputs of a container, taken apart; one without a terminal sends frames. */
export const readOutput = (bytes: Buffer, hasTerminal: boolean): { stdout: string; stderr: string; both: string } => {
  if (hasTerminal) return { stdout: bytes.toString(), stderr: '', both: bytes.toString() };
  const outputs: Record<'stdout' | 'stderr' | 'both', Buffer[]> = { stdout: [], stderr: [], both: [] };
  let position = 0;
  while (position + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(position + 4);
    const piece = bytes.subarray(position + 8, position + 8 + size);
    outputs[bytes[position] === 2 ? 'stderr' : 'stdout'].push(piece);
    outputs.both.push(piece);
    position += 8 + size;
  }
  const text = (pieces: Buffer[]): string => Buffer.concat(pieces).toString();
  return { stdout: text(outputs.stdout), stderr: text(outputs.stderr), both: text(outputs.both) };
};

/** The messages of a reply that tells of progress, one after the other. */
export async function* readProgress(stream: Readable): AsyncGenerator<JsonObject> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as JsonObject;
  }
  if (text.trim() !== '') yield JSON.parse(text) as JsonObject;
}
