import { type Random, randomFrom } from '../fuzz/random.ts';

/** Contents of files that are hard on whoever edits text: any bytes, any newlines, with and without the last one. */
export const hardContent = (seed: number): Buffer => {
  const random = randomFrom(seed);
  const lines = Array.from({ length: 1 + random.below(12) }, () => hardLine(random));
  const newline = random.pick(newlines);
  const text = lines.flatMap((line, index) => (index === 0 ? [line] : [newline(random), line]));
  const end = random.pick([Buffer.alloc(0), Buffer.from('\n'), Buffer.from('\r\n'), Buffer.from('\n\n\n')]);
  const content = Buffer.concat([...text, end]);
  // A lone carriage return at the end is a newline to lineinfile, of which it makes no other.
  return content.at(-1) === 13 ? Buffer.concat([content, Buffer.from('.')]) : content;
};

const newlines: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.from('\n'),
  () => Buffer.from('\r\n'),
  (random) => Buffer.from(random.pick(['\n', '\r\n', '\n\n', '\r'])),
];

const hardLine = (random: Random): Buffer =>
  random.pick<() => Buffer>([
    () =>
      Buffer.from(
        random.pick(['', 'plain words', '  indented', 'trailing  ', '# comment', 'key = value', '[section]']),
      ),
    () => Buffer.from(random.pick(['žluťoučký kůň', '漢字', '😀 astral', 'e\u0301 combined', '\ufeffmark'])),
    () =>
      Buffer.from(
        random.pick(['\'quotes\' "and" `such`', '$HOME $(id) ${x}', '\\n \\t \\0 %s %d', '-n', 'a\tb\vc\fd']),
      ),
    () => Buffer.from(random.pick(['žlutý', 'ÿþ', 'naïve']), 'latin1'),
    () => Buffer.from(random.pick(['wide', 'ünï']), 'utf16le'),
    // Any bytes but newlines, the NUL among them.
    () =>
      Buffer.from(
        Array.from(
          { length: random.below(60) },
          () => [0, 255, 128, 27, 13][random.below(9)] ?? 11 + random.below(240),
        ),
      ),
  ])();
