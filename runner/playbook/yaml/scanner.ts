import { end, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isFlowIndicator, isNameCharacter } from './characters.ts';
import { breakLength, isDocumentMark, scanBlock, scanPlain, scanQuoted } from './scan-scalars.ts';
import { scanTag } from './scan-tag.ts';
import { SyntaxMistake } from './syntax-mistake.ts';
import type { ScalarStyle, Token, TokenKind } from './tokens.ts';

/** A place where a key without `?` may have begun; the `:` that would make it one is still to be seen. */
interface PossibleKey {
  readonly tokenNumber: number;
  readonly index: number;
  readonly lineStart: number;
  /** It stands where only a key can stand. */
  readonly isRequired: boolean;
}

const longestKey = 1024;

/**
 * Splits YAML 1.1 into tokens, with block structure made explicit, by the rules of libyaml, which Ansible reads with:
 * what it lets pass (lines inside brackets and quotes may stand at any column) and what it refuses is the same here.
 */
export class Scanner {
  readonly #text: string;
  #index = 0;
  #lineStart = 0;
  readonly #tokens: Token[] = [];
  #first = 0;
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #flowLevel = 0;
  #isKeyAllowed = true;
  readonly #possibleKeys: (PossibleKey | undefined)[] = [undefined];
  #isAtEnd = false;

  /** `text` must not hold NUL. */
  constructor(text: string) {
    this.#text = text + '\0';
    if (text.charCodeAt(0) === 0xfeff) {
      this.#index = 1;
      this.#lineStart = 1;
    }
  }

  /** The next token, which stays the next one. */
  peek(): Token {
    while (!this.#isAtEnd && this.#needsMore()) this.#fetch();
    return this.#tokens[this.#first]!;
  }

  /** The next token, which is then passed. */
  take(): Token {
    const token = this.peek();
    this.#first++;
    this.#taken++;
    if (this.#first > 64) {
      this.#tokens.splice(0, this.#first);
      this.#first = 0;
    }
    return token;
  }

  #needsMore(): boolean {
    if (this.#first >= this.#tokens.length) return true;
    this.#dropStaleKeys();
    for (const key of this.#possibleKeys) if (key?.tokenNumber === this.#taken) return true;
    return false;
  }

  get #column(): number {
    return this.#index - this.#lineStart;
  }

  #code(offset = 0): number {
    return this.#text.charCodeAt(this.#index + offset);
  }

  #add(kind: TokenKind, length: number): void {
    this.#push(kind, this.#index, this.#index + length, '');
    this.#index += length;
  }

  #push(kind: TokenKind, start: number, end: number, value: string, style?: ScalarStyle, textStart?: number): void {
    this.#tokens.push({ kind, start, end, value, style, handle: undefined, textStart });
  }

  #fetch(): void {
    this.#skipToNext();
    this.#dropStaleKeys();
    this.#unroll(this.#column);
    const code = this.#code();
    if (code === end) this.#fetchEnd();
    else if (this.#column === 0 && code === 0x25) this.#fetchDirective();
    else if (this.#column === 0 && isDocumentMark(this.#text, this.#index)) this.#fetchDocumentMark(code);
    else if (this.#fetchIndicator(code)) return;
    else if (this.#canStartPlain(code)) this.#fetchPlain();
    else throw new SyntaxMistake('found character that cannot start any token', this.#index, 'the next token');
  }

  /** Whether an indicator stands here, which is then taken. */
  #fetchIndicator(code: number): boolean {
    const inFlow = this.#flowLevel > 0;
    if (code === 0x5b) this.#fetchFlowStart('[');
    else if (code === 0x7b) this.#fetchFlowStart('{');
    else if (code === 0x5d) this.#fetchFlowEnd(']');
    else if (code === 0x7d) this.#fetchFlowEnd('}');
    else if (code === 0x2c) this.#fetchComma();
    else if (code === 0x2d && isBlankOrEnd(this.#code(1))) this.#fetchEntry();
    else if (code === 0x3f && isBlankOrEnd(this.#code(1))) this.#fetchKey();
    else if (code === 0x3a && (inFlow || isBlankOrEnd(this.#code(1)))) this.#fetchValue();
    else if (code === 0x2a) this.#fetchName('alias');
    else if (code === 0x26) this.#fetchName('anchor');
    else if (code === 0x21) this.#fetchTag();
    else if (code === 0x7c && !inFlow) this.#fetchBlockScalar('literal');
    else if (code === 0x3e && !inFlow) this.#fetchBlockScalar('folded');
    else if (code === 0x27) this.#fetchQuoted('single');
    else if (code === 0x22) this.#fetchQuoted('double');
    else return false;
    return true;
  }

  #fetchComma(): void {
    this.#forgetKey();
    this.#isKeyAllowed = true;
    this.#add(',', 1);
  }

  #canStartPlain(code: number): boolean {
    if (code === 0x2d) return !isBlank(this.#code(1));
    if (code === 0x3f || code === 0x3a) return this.#flowLevel === 0 && !isBlankOrEnd(this.#code(1));
    return !isBlankOrEnd(code) && !isFlowIndicator(code) && !notPlain.has(code);
  }

  #skipToNext(): void {
    const text = this.#text;
    for (;;) {
      let code = this.#code();
      while (code === 0x20 || (code === 0x09 && (this.#flowLevel > 0 || !this.#isKeyAllowed))) {
        this.#index++;
        code = this.#code();
      }
      if (code === 0x23) {
        while (!isBreakOrEnd(code)) {
          this.#index++;
          code = this.#code();
        }
      }
      if (!isBreak(code)) return;
      this.#index += breakLength(text, this.#index);
      this.#lineStart = this.#index;
      if (this.#flowLevel === 0) this.#isKeyAllowed = true;
    }
  }

  /** A possible key must be followed by its `:` on the same line, not too far away. */
  #dropStaleKeys(): void {
    const keys = this.#possibleKeys;
    for (let level = 0; level < keys.length; level++) {
      const key = keys[level];
      if (key === undefined) continue;
      if (key.lineStart === this.#lineStart && this.#index - key.index <= longestKey) continue;
      if (key.isRequired) throw missingColon(key.index);
      keys[level] = undefined;
    }
  }

  #rememberKey(): void {
    if (!this.#isKeyAllowed) return;
    this.#forgetKey();
    this.#possibleKeys[this.#flowLevel] = {
      tokenNumber: this.#taken + this.#tokens.length - this.#first,
      index: this.#index,
      lineStart: this.#lineStart,
      isRequired: this.#flowLevel === 0 && this.#indent === this.#column,
    };
  }

  #forgetKey(): void {
    const key = this.#possibleKeys[this.#flowLevel];
    if (key?.isRequired) throw missingColon(key.index);
    this.#possibleKeys[this.#flowLevel] = undefined;
  }

  /** Begins a block collection when `column` is further in than the one that is open. */
  #roll(column: number, kind: 'block sequence' | 'block mapping', index: number, tokenNumber?: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    const token = emptyToken(kind, index);
    if (tokenNumber === undefined) this.#tokens.push(token);
    else this.#insert(tokenNumber, token);
  }

  #insert(tokenNumber: number, token: Token): void {
    this.#tokens.splice(this.#first + tokenNumber - this.#taken, 0, token);
  }

  /** Ends the block collections that are further in than `column`. */
  #unroll(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#add('block end', 0);
      this.#indent = this.#indents.pop()!;
    }
  }

  #fetchEnd(): void {
    this.#unroll(-1);
    this.#forgetKey();
    this.#isKeyAllowed = false;
    this.#isAtEnd = true;
    this.#add('stream end', 0);
  }

  #fetchDirective(): void {
    this.#unroll(-1);
    this.#forgetKey();
    this.#isKeyAllowed = false;
    const from = this.#index;
    while (!isBreakOrEnd(this.#code())) this.#index++;
    const value = this.#text.slice(from, this.#index);
    this.#push('directive', from, this.#index, value);
  }

  #fetchDocumentMark(code: number): void {
    this.#unroll(-1);
    this.#forgetKey();
    this.#isKeyAllowed = false;
    this.#add(code === 0x2d ? 'document start' : 'document end', 3);
  }

  #fetchFlowStart(kind: '[' | '{'): void {
    this.#rememberKey();
    this.#flowLevel++;
    this.#possibleKeys.push(undefined);
    this.#isKeyAllowed = true;
    this.#add(kind, 1);
  }

  #fetchFlowEnd(kind: ']' | '}'): void {
    this.#forgetKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      this.#possibleKeys.pop();
    }
    this.#isKeyAllowed = false;
    this.#add(kind, 1);
  }

  #fetchEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#isKeyAllowed) {
        throw new SyntaxMistake('block sequence entries are not allowed in this context', this.#index);
      }
      this.#roll(this.#column, 'block sequence', this.#index);
    }
    this.#forgetKey();
    this.#isKeyAllowed = true;
    this.#add('-', 1);
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#isKeyAllowed) throw new SyntaxMistake('mapping keys are not allowed in this context', this.#index);
      this.#roll(this.#column, 'block mapping', this.#index);
    }
    this.#forgetKey();
    this.#isKeyAllowed = this.#flowLevel === 0;
    this.#add('key', 1);
  }

  #fetchValue(): void {
    const key = this.#possibleKeys[this.#flowLevel];
    if (key !== undefined) {
      this.#insert(key.tokenNumber, emptyToken('key', key.index));
      this.#roll(key.index - key.lineStart, 'block mapping', key.index, key.tokenNumber);
      this.#possibleKeys[this.#flowLevel] = undefined;
      this.#isKeyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#isKeyAllowed) throw new SyntaxMistake('mapping values are not allowed in this context', this.#index);
        this.#roll(this.#column, 'block mapping', this.#index);
      }
      this.#isKeyAllowed = this.#flowLevel === 0;
    }
    this.#add('value', 1);
  }

  #fetchName(kind: 'alias' | 'anchor'): void {
    this.#rememberKey();
    this.#isKeyAllowed = false;
    const start = this.#index;
    let index = start + 1;
    while (isNameCharacter(this.#text.charCodeAt(index))) index++;
    const next = this.#text.charCodeAt(index);
    if (index === start + 1 || !(isBlankOrEnd(next) || '?:,]}%@`'.includes(this.#text[index]!))) {
      throw new SyntaxMistake('did not find expected alphabetic or numeric character', index, `an ${kind}`);
    }
    this.#push(kind, start, index, this.#text.slice(start + 1, index));
    this.#index = index;
  }

  #fetchTag(): void {
    this.#rememberKey();
    this.#isKeyAllowed = false;
    const token = scanTag(this.#text, this.#index, this.#flowLevel > 0);
    this.#tokens.push(token);
    this.#index = token.end;
  }

  #fetchBlockScalar(style: ScalarStyle): void {
    this.#forgetKey();
    this.#isKeyAllowed = true;
    const start = this.#index;
    const scanned = scanBlock(this.#text, start, this.#indent);
    this.#push('scalar', start, scanned.end, scanned.value, style, scanned.textStart);
    this.#moveTo(scanned.next);
  }

  #fetchQuoted(style: ScalarStyle): void {
    this.#rememberKey();
    this.#isKeyAllowed = false;
    const start = this.#index;
    const scanned = scanQuoted(this.#text, start);
    this.#push('scalar', start, scanned.end, scanned.value, style, scanned.textStart);
    this.#moveTo(scanned.next);
  }

  #fetchPlain(): void {
    this.#rememberKey();
    this.#isKeyAllowed = false;
    const start = this.#index;
    const scanned = scanPlain(this.#text, start, this.#indent + 1, this.#flowLevel > 0);
    this.#push('scalar', start, scanned.end, scanned.value, 'plain', scanned.textStart);
    this.#moveTo(scanned.next);
    if (scanned.crossedLine) this.#isKeyAllowed = true;
  }

  #moveTo(index: number): void {
    let lineStart = index;
    while (lineStart > this.#index && !isBreak(this.#text.charCodeAt(lineStart - 1))) lineStart--;
    if (lineStart > this.#index) this.#lineStart = lineStart;
    this.#index = index;
  }
}

// - # & * ! | > ' " % @ and the backquote.
const notPlain = new Set([0x23, 0x26, 0x2a, 0x21, 0x7c, 0x3e, 0x27, 0x22, 0x25, 0x40, 0x60]);

/** A token that stands for structure and not for text. */
const emptyToken = (kind: TokenKind, index: number): Token => ({
  kind,
  start: index,
  end: index,
  value: '',
  style: undefined,
  handle: undefined,
  textStart: undefined,
});

const missingColon = (index: number): SyntaxMistake =>
  new SyntaxMistake("could not find expected ':'", index, 'a simple key');
