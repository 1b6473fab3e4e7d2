/** What the text of a scalar allows. */
export interface ScalarAnalysis {
  readonly isMultiline: boolean;
  readonly allowsFlowPlain: boolean;
  readonly allowsBlockPlain: boolean;
  readonly allowsSingleQuoted: boolean;
  readonly allowsBlock: boolean;
}

/** Whether a character ends lines in YAML. */
export const isBreak = (character: string | undefined): boolean =>
  character !== undefined && /^[\r\n\x85\u2028\u2029]$/.test(character);

/** Whether a character may stand in YAML as it is. libyaml escapes whatever needs four bytes. */
const isPrintable = (character: string): boolean =>
  /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character);

const indicators = new Set('#,[]{}&*!|>\'"%@`');
const flowIndicators = new Set(',?[]{}');
const isBlank = (character: string | undefined): boolean =>
  character === undefined || character === ' ' || character === '\t' || isBreak(character);

/** Which styles can show a text so that it reads back, as libyaml judges it. */
export const analyzeScalar = (text: string, allowUnicode: boolean): ScalarAnalysis => {
  const characters = [...text];
  if (characters.length === 0)
    return {
      isMultiline: false,
      allowsFlowPlain: false,
      allowsBlockPlain: true,
      allowsSingleQuoted: true,
      allowsBlock: false,
    };

  let isBlockIndicated = text.startsWith('---') || text.startsWith('...');
  let isFlowIndicated = isBlockIndicated;
  let hasBreaks = false;
  let isSpecial = false;
  let breakSpace = false;
  let spaceBreak = false;
  characters.forEach((character, index) => {
    const isFollowed = isBlank(characters[index + 1]);
    const previous = characters[index - 1];
    if (index === 0 ? indicators.has(character) : flowIndicators.has(character)) isFlowIndicated = true;
    if (index === 0 && indicators.has(character)) isBlockIndicated = true;
    if (character === ':' || (index === 0 && character === '?')) {
      isFlowIndicated = true;
      if (isFollowed) isBlockIndicated = true;
    }
    const isDash = index === 0 && character === '-' && isFollowed;
    if (isDash || (index > 0 && character === '#' && isBlank(previous))) {
      isFlowIndicated = true;
      isBlockIndicated = true;
    }
    if (isBreak(character)) hasBreaks = true;
    if (!isPrintable(character) || (!allowUnicode && character > '\x7f')) isSpecial = true;
    if (character === ' ' && isBreak(previous)) breakSpace = true;
    if (isBreak(character) && previous === ' ') spaceBreak = true;
  });

  const first = characters[0];
  const last = characters.at(-1);
  const isRagged = first === ' ' || isBreak(first) || last === ' ' || isBreak(last);
  const isHard = spaceBreak || isSpecial;
  const allowsPlain = !(isRagged || breakSpace || isHard || hasBreaks);
  return {
    isMultiline: hasBreaks,
    allowsFlowPlain: allowsPlain && !isFlowIndicated,
    allowsBlockPlain: allowsPlain && !isBlockIndicated,
    allowsSingleQuoted: !breakSpace && !isHard,
    allowsBlock: last !== ' ' && !isHard,
  };
};

const escapes: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** The escape of a character inside double quotes, or undefined when it stands as it is. */
export const escapeDoubleQuoted = (character: string, allowUnicode: boolean): string | undefined => {
  const stands =
    isPrintable(character) &&
    !isBreak(character) &&
    character !== '"' &&
    character !== '\\' &&
    (allowUnicode || character <= '\x7f');
  if (stands) return undefined;
  const short = escapes[character];
  if (short !== undefined) return `\\${short}`;
  const code = character.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
};
