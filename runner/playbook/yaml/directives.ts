import type { CST } from 'yaml';
import { coreTags } from './properties.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** The directives before a document: what they say of its tags. */
export class Directives {
  readonly #handles = new Map([
    ['!', '!'],
    ['!!', coreTags],
  ]);
  #hasVersion = false;
  #isEmpty = true;

  /** Whether no directive was read yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** The handles that tags may begin with, and what they stand for. */
  get handles(): ReadonlyMap<string, string> {
    return this.#handles;
  }

  /** Reads one directive, which is a line that begins with `%`. */
  add({ source, offset }: CST.Directive): void {
    this.#isEmpty = false;
    const [name, ...words] = source.replace(/\s*#.*$/s, '').split(/\s+/);
    if (name === '%YAML') {
      if (this.#hasVersion) throw new SyntaxMistake('found duplicate %YAML directive', offset);
      if (words.length !== 1 || !/^1\.[12]$/.test(words[0]!)) {
        throw new SyntaxMistake('found incompatible YAML document', offset);
      }
      this.#hasVersion = true;
    } else if (name === '%TAG' && words.length === 2) this.#handles.set(words[0]!, words[1]!);
    else throw new SyntaxMistake('found unknown directive name', offset, 'a directive');
  }
}
