import { SourceError } from '../../errors/index.ts';

/** Splits text into words as a POSIX shell does, with its quotes and backslashes; nothing is expanded. Throws SourceError. */
export const splitWords = (text: string): string[] => {
  const words: string[] = [];
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|([\s\S])/gy;
  let word: string | undefined;
  for (const [whole, single, double, escaped, plain, broken] of text.matchAll(token)) {
    if (broken !== undefined) throw new SourceError({ message: `no closing quotation in: ${text}` });
    const part = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain;
    if (part === undefined && whole.trim() === '') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (part ?? '');
    }
  }
  if (word !== undefined) words.push(word);
  return words;
};
