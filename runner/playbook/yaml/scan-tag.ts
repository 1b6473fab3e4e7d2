import { isBlankOrEnd, isFlowIndicator, isNameCharacter } from './characters.ts';
import { SyntaxMistake } from './syntax-mistake.ts';
import type { Token } from './tokens.ts';

/** A tag: `!name`, `!!name`, `!handle!name`, `!<uri>` or a lone `!`. */
export const scanTag = (text: string, start: number, inFlow: boolean): Token => {
  let handle = '';
  let value: string;
  let index: number;
  if (text[start + 1] === '<') {
    index = start + 2;
    while (isUriCharacter(text.charCodeAt(index)) || text[index] === ',' || text[index] === '[' || text[index] === ']')
      index++;
    if (text[index] !== '>') throw new SyntaxMistake("did not find the expected '>'", index, 'a tag');
    value = decode(text.slice(start + 2, index), start);
    index++;
  } else {
    index = start + 1;
    while (isNameCharacter(text.charCodeAt(index))) index++;
    if (text[index] === '!') {
      handle = text.slice(start, index + 1);
      index++;
    } else {
      handle = '!';
      index = start + 1;
    }
    const from = index;
    while (isUriCharacter(text.charCodeAt(index))) index++;
    value = decode(text.slice(from, index), start);
    if (value === '' && handle !== '!') throw new SyntaxMistake('did not find expected tag URI', index, 'a tag');
  }
  const next = text.charCodeAt(index);
  if (!isBlankOrEnd(next) && !(inFlow && isFlowIndicator(next))) {
    throw new SyntaxMistake('did not find expected whitespace or line break', index, 'a tag');
  }
  return { kind: 'tag', start, end: index, value, style: undefined, handle, textStart: undefined };
};

const isUriCharacter = (code: number): boolean =>
  isNameCharacter(code) || (code > 0x20 && code < 0x7f && ";/?:@&=+$.%!~*'()".includes(String.fromCharCode(code)));

const decode = (text: string, start: number): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SyntaxMistake('found an invalid escape in a tag', start, 'a tag');
  }
};
