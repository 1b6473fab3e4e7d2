import type { Key as InkKey } from 'ink';

/** The keys of an input event: names such as `up`, `enter`, `ctrl-c`, or the character itself. */
export const keysOf = (input: string, key: InkKey): string[] => {
  for (const [name, held] of Object.entries(named))
    if (key[held]) return [name === 'tab' && key.shift ? 'shift-tab' : name];
  if (key.ctrl && input !== '') return [`ctrl-${input.toLowerCase()}`];
  // What is typed fast, or pasted, comes in one piece.
  return [...input].flatMap((one) =>
    one === '\r' || one === '\n' ? ['enter'] : one >= ' ' && one !== '\x7f' ? [one] : [],
  );
};

const named = {
  up: 'upArrow',
  down: 'downArrow',
  left: 'leftArrow',
  right: 'rightArrow',
  pageup: 'pageUp',
  pagedown: 'pageDown',
  home: 'home',
  end: 'end',
  enter: 'return',
  escape: 'escape',
  tab: 'tab',
  backspace: 'backspace',
  delete: 'delete',
} as const satisfies Record<string, keyof InkKey>;

/** Whether a key is a character that is typed. */
export const isTyped = (key: string): boolean => [...key].length === 1;

/** Where a cursor in a list goes by a key; undefined when the key does not move it. */
export const moveBy = (key: string, cursor: number, count: number, page: number): number | undefined => {
  const to = (wanted: number): number => Math.max(0, Math.min(count - 1, wanted));
  switch (key) {
    case 'up':
    case 'k':
    case 'N':
      return to(cursor - 1);
    case 'down':
    case 'j':
    case 'n':
      return to(cursor + 1);
    case 'pageup':
    case 'ctrl-b':
      return to(cursor - page);
    case 'pagedown':
    case 'ctrl-f':
      return to(cursor + page);
    case 'home':
    case 'g':
      return to(0);
    case 'end':
    case 'G':
      return to(count - 1);
  }
  return undefined;
};
