// Kinds of characters, by code. The text that is scanned ends with a NUL, which occurs nowhere else in it.
export const end = 0;

export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

export const isBreak = (code: number): boolean =>
  code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;

export const isBreakOrEnd = (code: number): boolean => code === end || isBreak(code);

export const isBlankOrEnd = (code: number): boolean => isBlank(code) || isBreakOrEnd(code);

/** `, [ ] { }`: what ends a plain scalar inside brackets. */
export const isFlowIndicator = (code: number): boolean =>
  code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;

/** Letters, digits, `-` and `_`: what names of anchors and tag handles are made of. */
export const isNameCharacter = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x5f ||
  code === 0x2d;

/** The first character that YAML does not allow in a stream, or -1. */
export const findForbidden = (text: string): number => text.search(forbidden);

const forbidden = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
