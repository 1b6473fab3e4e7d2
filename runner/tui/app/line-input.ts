import { type Span, span } from '../text/line.ts';
import { isTyped } from './keys.ts';

/** A line that is being typed. */
export interface LineInput {
  readonly text: string;
  readonly cursor: number;
}

/** A line to be edited, its cursor at the end. */
export const newInput = (text = ''): LineInput => ({ text, cursor: [...text].length });

/** The line after a key, with the editing that people know of shells; undefined when the key is none of typing. */
export const typeKey = ({ text, cursor }: LineInput, key: string): LineInput | undefined => {
  const signs = [...text];
  const join = (list: readonly string[], at: number): LineInput => ({ text: list.join(''), cursor: at });
  switch (key) {
    case 'left':
    case 'ctrl-b':
      return { text, cursor: Math.max(0, cursor - 1) };
    case 'right':
    case 'ctrl-f':
      return { text, cursor: Math.min(signs.length, cursor + 1) };
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { text, cursor: signs.length };
    case 'backspace':
    // Terminals send what most call backspace as delete.
    case 'delete':
      return cursor === 0 ? { text, cursor } : join(signs.toSpliced(cursor - 1, 1), cursor - 1);
    case 'ctrl-d':
      return join(signs.toSpliced(cursor, 1), cursor);
    case 'ctrl-u':
      return join(signs.slice(cursor), 0);
    case 'ctrl-k':
      return join(signs.slice(0, cursor), cursor);
    case 'ctrl-w': {
      const kept = signs
        .slice(0, cursor)
        .join('')
        .replace(/\S*\s*$/, '');
      return join([...kept, ...signs.slice(cursor)], [...kept].length);
    }
  }
  return isTyped(key) ? join(signs.toSpliced(cursor, 0, key), cursor + 1) : undefined;
};

/** The part of a line around its cursor that fits; a secret shows as stars. */
export const inputSpans = ({ text, cursor }: LineInput, room: number, isSecret = false): Span[] => {
  const all = [...text];
  const start = Math.max(0, cursor - Math.max(1, room) + 1);
  const signs = (isSecret ? all.map(() => '*') : all).slice(start, start + Math.max(1, room));
  const at = cursor - start;
  return [span(signs.slice(0, at).join('')), span(signs[at] ?? ' ', 'plain', true), span(signs.slice(at + 1).join(''))];
};
