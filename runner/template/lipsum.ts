const words =
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat'.split(
    ' ',
  );

const sentence = (length: number): string => {
  const chosen = Array.from({ length }, () => words[Math.floor(Math.random() * words.length)]!);
  const text = chosen.join(' ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
};

/** Paragraphs of filler text, as Jinja2's `lipsum` makes them. */
export const lipsum = (count: number, html: boolean, min: number, max: number): string => {
  const paragraphs = Array.from({ length: count }, () => {
    let left = min + Math.floor(Math.random() * Math.max(1, max - min));
    const sentences: string[] = [];
    while (left > 0) {
      const length = Math.min(left, 3 + Math.floor(Math.random() * 12));
      sentences.push(sentence(length));
      left -= length;
    }
    return sentences.join(' ');
  });
  return html ? paragraphs.map((text) => `<p>${text}</p>`).join('\n') : paragraphs.join('\n\n');
};
