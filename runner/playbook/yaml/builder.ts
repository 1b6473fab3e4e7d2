import { MusterError, type Origin } from '../../errors/index.ts';
import { type Dict, float, Template, tuple, type Value, VaultText } from '../../values/index.ts';
import { coreTags as core, type Tag } from './properties.ts';
import { parseBooleanText, parseFloatText, parseIntegerText, resolvePlain } from './resolve-scalar.ts';
import type { Scalar } from './scalar-text.ts';
import type { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';
import { parseTimestamp } from './timestamp.ts';

export interface BuildOptions {
  /** Decrypts a `!vault` value when it is read. */
  readonly decrypt?: ((ciphertext: string, origin: Origin) => string) | undefined;
  readonly warn?: ((message: string, origin: Origin) => void) | undefined;
  /** What a key that occurs twice in a mapping means; a warning unless told. */
  readonly duplicateKeys?: 'warn' | 'error' | 'ignore' | undefined;
  /** Whether text with `{{`, `{%` or `{#` becomes a Template; true unless told. */
  readonly templates?: boolean | undefined;
}

/** Makes values of scalars and tagged collections. */
export class Builder {
  readonly #source: SourceText;
  readonly #options: BuildOptions;
  readonly #templates: boolean;

  constructor(source: SourceText, options: BuildOptions) {
    this.#source = source;
    this.#options = options;
    this.#templates = options.templates ?? true;
  }

  scalar(scalar: Scalar, tag: Tag | undefined, isUnsafe: boolean): Value {
    if (tag !== undefined && tag.name !== '!') return this.#tagged(scalar, tag, isUnsafe);
    // A lone `!` only says that nothing is an empty text.
    if (tag !== undefined && scalar.value === '') return '';
    if (scalar.isPlain) {
      if (scalar.value === '=')
        throw new SyntaxMistake("a lone '=' has a meaning of its own: put it in quotes", scalar.start);
      const resolved = this.#orMistake(scalar.start, () => resolvePlain(scalar.value));
      if (resolved !== undefined) return resolved;
    }
    return this.#text(scalar, isUnsafe);
  }

  #text(scalar: Scalar, isUnsafe: boolean): Value {
    if (isUnsafe || !this.#templates || !Template.needed(scalar.value)) return scalar.value;
    return new Template(scalar.value, this.#source.originAt(scalar.textStart));
  }

  #tagged(scalar: Scalar, tag: Tag, isUnsafe: boolean): Value {
    const text = scalar.value;
    const name = tag.name.startsWith(core) ? tag.name.slice(core.length) : undefined;
    switch (name ?? tag.name) {
      case '!unsafe':
        return text;
      case '!vault':
      case '!vault-encrypted':
        return this.#vault(scalar, tag);
      case 'str':
      case 'python/unicode':
      case 'merge':
      case 'value':
        return this.#text(scalar, isUnsafe);
      case 'null':
        return null;
      case 'bool':
        return this.#required(parseBooleanText(text), text, tag, 'a boolean');
      case 'int':
        return this.#required(parseIntegerText(text), text, tag, 'an integer');
      case 'float': {
        const whole = parseIntegerText(text);
        const value = parseFloatText(text) ?? (whole === undefined ? undefined : float(Number(whole)));
        return this.#required(value, text, tag, 'a number');
      }
      case 'timestamp':
        return this.#required(
          this.#orMistake(scalar.start, () => parseTimestamp(text)),
          text,
          tag,
          'a date',
        );
      case 'binary':
        return Buffer.from(text, 'base64').toString('utf8');
    }
    throw this.#wrongTag(tag, 'scalar');
  }

  #required(value: Value | undefined, text: string, tag: Tag, what: string): Value {
    if (value === undefined) throw new SyntaxMistake(`'${text}' is not ${what}`, tag.start);
    return value;
  }

  #orMistake<T>(index: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof RangeError) throw new SyntaxMistake(error.message, index);
      throw error;
    }
  }

  #vault(scalar: Scalar, tag: Tag): Value {
    const origin = this.#source.originAt(tag.start);
    if (!scalar.value.trimStart().startsWith('$ANSIBLE_VAULT;')) {
      throw new SyntaxMistake("what is marked '!vault' is not vault encrypted data", tag.start);
    }
    const { decrypt } = this.#options;
    return new VaultText(
      scalar.value,
      (ciphertext) => {
        if (decrypt === undefined)
          throw new MusterError({ message: 'found a vault value, but no vault password was given', origin });
        return decrypt(ciphertext, origin);
      },
      origin,
    );
  }

  checkCollectionTag(tag: Tag | undefined, kind: 'mapping' | 'sequence'): void {
    if (tag === undefined || tag.name === '!' || collectionTags[kind].has(tag.name)) return;
    throw this.#wrongTag(tag, kind);
  }

  #wrongTag(tag: Tag, kind: string): SyntaxMistake {
    const shown = tag.name.startsWith(core) ? `!!${tag.name.slice(core.length)}` : tag.name;
    return knownTags.has(tag.name)
      ? new SyntaxMistake(`the tag '${shown}' cannot stand on a ${kind}`, tag.start)
      : new SyntaxMistake(`the tag '${shown}' is unknown`, tag.start);
  }

  finishSequence(list: Value[], tag: Tag | undefined): Value {
    if (tag === undefined || !pairTags.has(tag.name)) return list;
    return list.map((item) => {
      if (!(item instanceof Map) || item.size !== 1) {
        throw new SyntaxMistake('expected a list of mappings of one entry each', tag.start);
      }
      const [pair] = item;
      return tuple(pair!);
    });
  }

  finishMapping(map: Dict, tag: Tag | undefined): Value {
    return tag?.name === `${core}set` ? new Set(map.keys()) : map;
  }

  reportDuplicate(key: Value, index: number): void {
    const shown = typeof key === 'string' ? key : String(key);
    const message = `found a duplicate dict key (${shown})`;
    const behaviour = this.#options.duplicateKeys ?? 'warn';
    if (behaviour === 'error') throw new SyntaxMistake(message, index);
    if (behaviour === 'warn') this.#options.warn?.(`${message}; the last one counts`, this.#source.originAt(index));
  }
}

const pairTags = new Set([`${core}omap`, `${core}pairs`]);
const collectionTags = {
  mapping: new Set(['!unsafe', `${core}map`, `${core}python/dict`, `${core}set`]),
  sequence: new Set(['!unsafe', `${core}seq`, ...pairTags]),
};
const knownTags = new Set([
  ...collectionTags.mapping,
  ...collectionTags.sequence,
  '!vault',
  '!vault-encrypted',
  ...['str', 'int', 'float', 'bool', 'null', 'timestamp', 'binary'].map((name) => core + name),
]);
