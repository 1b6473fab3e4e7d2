import { implicitType } from './yaml-implicit.ts';
import type { MappingNode, ScalarNode, ScalarStyle, SequenceNode, YamlNode } from './yaml-nodes.ts';
import { analyzeScalar, escapeDoubleQuoted, isBreak, type ScalarAnalysis } from './yaml-scalar.ts';

export interface EmitterOptions {
  readonly indent: number;
  readonly width: number;
  readonly allowUnicode: boolean;
}

interface Place {
  readonly isKey: boolean;
  readonly isInMapping: boolean;
}

const longestKey = 128;

/** Writes nodes as libyaml does, to the character: where it quotes, folds and indents. */
export class YamlEmitter {
  readonly #options: EmitterOptions;
  readonly #written = new Set<YamlNode>();
  #output: string[] = [];
  #column = 0;
  #indent = -1;
  #flowLevel = 0;
  // Whether the last character was a blank, and whether nothing but indentation stands on this line.
  #isAfterBlank = true;
  #isIndention = true;
  /** Whether only an end mark tells a reader where the document's last scalar ends. */
  isOpenEnded = false;

  constructor(options: EmitterOptions) {
    this.#options = options;
  }

  /** One document; always ends with a line break. */
  emit(root: YamlNode, hasStartMark: boolean): string {
    if (hasStartMark) this.#writeIndicator('---', true);
    this.#emitNode(root, { isKey: false, isInMapping: false });
    this.#writeIndent();
    return this.#output.join('');
  }

  #emitNode(node: YamlNode, place: Place): void {
    if (node.anchor !== undefined && this.#written.has(node)) {
      this.#writeIndicator(`*${node.anchor}`, true);
      return;
    }
    if (node.anchor !== undefined) {
      this.#written.add(node);
      this.#writeIndicator(`&${node.anchor}`, true);
    }
    if (node.kind === 'scalar') {
      this.#emitScalar(node, place);
      return;
    }
    if (node.kind === 'mapping' && node.tag === 'set') this.#writeIndicator('!!set', true);
    const isFlow = this.#flowLevel > 0 || node.isFlow || isEmptyCollection(node);
    if (node.kind === 'sequence') {
      if (isFlow)
        this.#emitFlow(node.items, '[]', (item) => this.#emitNode(item, { isKey: false, isInMapping: false }));
      else this.#emitBlockSequence(node, place);
    } else if (isFlow) this.#emitFlow(node.entries, '{}', (entry) => this.#emitFlowEntry(entry));
    else this.#emitBlockMapping(node);
  }

  #emitFlow<Item>(items: readonly Item[], brackets: string, emitItem: (item: Item) => void): void {
    this.#writeIndicator(brackets[0]!, true, true);
    const outer = this.#increaseIndent(true);
    this.#flowLevel++;
    items.forEach((item, index) => {
      if (index > 0) this.#writeIndicator(',', false);
      if (this.#column > this.#options.width) this.#writeIndent();
      emitItem(item);
    });
    this.#flowLevel--;
    this.#indent = outer;
    this.#writeIndicator(brackets[1]!, false);
  }

  #emitFlowEntry([key, item]: readonly [YamlNode, YamlNode]): void {
    if (this.#isSimpleKey(key)) {
      this.#emitNode(key, { isKey: true, isInMapping: true });
      this.#writeIndicator(':', false);
    } else {
      this.#writeIndicator('?', true);
      this.#emitNode(key, { isKey: false, isInMapping: true });
      if (this.#column > this.#options.width) this.#writeIndent();
      this.#writeIndicator(':', true);
    }
    this.#emitNode(item, { isKey: false, isInMapping: true });
  }

  #emitBlockSequence(node: SequenceNode, place: Place): void {
    const outer = this.#increaseIndent(false, place.isInMapping && !this.#isIndention);
    for (const item of node.items) {
      this.#writeIndent();
      this.#writeIndicator('-', true, false, true);
      this.#emitNode(item, { isKey: false, isInMapping: false });
    }
    this.#indent = outer;
  }

  #emitBlockMapping(node: MappingNode): void {
    const outer = this.#increaseIndent(false);
    for (const [key, item] of node.entries) {
      this.#writeIndent();
      if (this.#isSimpleKey(key)) {
        this.#emitNode(key, { isKey: true, isInMapping: true });
        this.#writeIndicator(':', false);
      } else {
        this.#writeIndicator('?', true, false, true);
        this.#emitNode(key, { isKey: false, isInMapping: true });
        this.#writeIndent();
        this.#writeIndicator(':', true, false, true);
      }
      this.#emitNode(item, { isKey: false, isInMapping: true });
    }
    this.#indent = outer;
  }

  #isSimpleKey(node: YamlNode): boolean {
    if (node.anchor !== undefined && this.#written.has(node)) return true;
    if (node.kind !== 'scalar') return isEmptyCollection(node);
    const analysis = analyzeScalar(node.text, this.#options.allowUnicode);
    return !analysis.isMultiline && Buffer.byteLength(node.text) + (node.anchor ?? '').length <= longestKey;
  }

  #emitScalar(node: ScalarNode, { isKey }: Place): void {
    const analysis = analyzeScalar(node.text, this.#options.allowUnicode);
    const isPlainImplicit = implicitType(node.text) === node.tag;
    const style = this.#chooseStyle(node, analysis, isPlainImplicit, isKey);
    if (node.tag === 'vault') this.#writeIndicator('!vault', true);
    else if (style !== 'plain' && node.tag !== 'str')
      this.#writeIndicator(isPlainImplicit ? '!' : `!!${node.tag}`, true);
    const outer = this.#increaseIndent(true);
    if (style === 'plain') this.#writePlain(node.text, !isKey);
    else if (style === 'single') this.#writeSingleQuoted(node.text, !isKey);
    else if (style === 'double') this.#writeDoubleQuoted(node.text, !isKey);
    else this.#writeLiteral(node.text);
    this.#indent = outer;
  }

  #chooseStyle(node: ScalarNode, analysis: ScalarAnalysis, isPlainImplicit: boolean, isKey: boolean): ScalarStyle {
    let style: ScalarStyle = isKey && analysis.isMultiline ? 'double' : node.style;
    const isInFlow = this.#flowLevel > 0;
    if (style === 'plain') {
      const allowsPlain = isInFlow ? analysis.allowsFlowPlain : analysis.allowsBlockPlain;
      if (!allowsPlain || (node.text === '' && (isInFlow || isKey)) || !isPlainImplicit) style = 'single';
    }
    if (style === 'single' && !analysis.allowsSingleQuoted) style = 'double';
    if ((style === 'literal' || style === 'folded') && (!analysis.allowsBlock || isInFlow || isKey)) style = 'double';
    return style;
  }

  /** Returns the indentation before, to be set again at the end. */
  #increaseIndent(isFlow: boolean, isIndentless = false): number {
    const outer = this.#indent;
    if (outer < 0) this.#indent = isFlow ? this.#options.indent : 0;
    else if (!isIndentless) this.#indent += this.#options.indent;
    return outer;
  }

  #write(text: string): void {
    this.#output.push(text);
    this.#column += text.length;
  }

  #writeBreak(character = '\n'): void {
    this.#output.push(character);
    this.#column = 0;
  }

  #writeIndent(): void {
    const indent = Math.max(0, this.#indent);
    if (!this.#isIndention || this.#column > indent || (this.#column === indent && !this.#isAfterBlank))
      this.#writeBreak();
    if (this.#column < indent) this.#write(' '.repeat(indent - this.#column));
    this.#isAfterBlank = true;
    this.#isIndention = true;
  }

  #writeIndicator(indicator: string, needsBlank: boolean, isBlank = false, isIndention = false): void {
    if (needsBlank && !this.#isAfterBlank) this.#write(' ');
    this.#write(indicator);
    this.#isAfterBlank = isBlank;
    this.#isIndention &&= isIndention;
  }

  // Line breaks and blanks are alike in plain and single quoted text: a line may be folded at a lone blank.
  #writeFolded(text: string, allowsBreaks: boolean, isQuoted: boolean): void {
    const characters = [...text];
    const mayBreakAt = (index: number): boolean => !isQuoted || (index !== 0 && index !== characters.length - 1);
    let wasBlank = false;
    let wasBreak = false;
    characters.forEach((character, index) => {
      if (character === ' ') {
        const isLong = allowsBreaks && !wasBlank && this.#column > this.#options.width;
        if (isLong && characters[index + 1] !== ' ' && mayBreakAt(index)) this.#writeIndent();
        else this.#write(character);
        wasBlank = true;
      } else if (isBreak(character)) {
        if (!wasBreak && character === '\n') this.#writeBreak();
        this.#writeBreak(character);
        this.#isIndention = true;
        wasBreak = true;
      } else {
        if (wasBreak) this.#writeIndent();
        this.#write(isQuoted && character === "'" ? "''" : character);
        this.#isIndention = false;
        wasBlank = false;
        wasBreak = false;
      }
    });
    if (wasBreak) this.#writeIndent();
  }

  #writePlain(text: string, allowsBreaks: boolean): void {
    if (!this.#isAfterBlank && (text !== '' || this.#flowLevel > 0)) this.#write(' ');
    this.#writeFolded(text, allowsBreaks, false);
    this.#isAfterBlank = false;
    this.#isIndention = false;
  }

  #writeSingleQuoted(text: string, allowsBreaks: boolean): void {
    this.#writeIndicator("'", true);
    this.#writeFolded(text, allowsBreaks, true);
    this.#writeIndicator("'", false);
    this.#isAfterBlank = false;
    this.#isIndention = false;
  }

  #writeDoubleQuoted(text: string, allowsBreaks: boolean): void {
    this.#writeIndicator('"', true);
    const characters = [...text];
    let wasBlank = false;
    characters.forEach((character, index) => {
      const escaped = escapeDoubleQuoted(character, this.#options.allowUnicode);
      if (escaped === undefined && character === ' ') {
        const isInside = index !== 0 && index !== characters.length - 1;
        if (allowsBreaks && !wasBlank && this.#column > this.#options.width && isInside) {
          this.#writeIndent();
          if (characters[index + 1] === ' ') this.#write('\\');
        } else this.#write(character);
        wasBlank = true;
      } else {
        this.#write(escaped ?? character);
        wasBlank = false;
      }
    });
    this.#writeIndicator('"', false);
    this.#isAfterBlank = false;
    this.#isIndention = false;
  }

  #writeLiteral(text: string): void {
    this.#writeIndicator('|', true);
    const isRagged = text[0] === ' ' || isBreak(text[0]);
    if (isRagged) this.#write(String(this.#options.indent));
    const endsInBreak = isBreak(text.at(-1));
    const chomping = !endsInBreak ? '-' : text.length === 1 || isBreak(text.at(-2)) ? '+' : '';
    this.#write(chomping);
    this.isOpenEnded = chomping === '+';
    this.#writeBreak();
    this.#isIndention = true;
    this.#isAfterBlank = true;
    let wasBreak = true;
    for (const character of text) {
      if (isBreak(character)) {
        this.#writeBreak(character);
        this.#isIndention = true;
        wasBreak = true;
      } else {
        if (wasBreak) this.#writeIndent();
        this.#write(character);
        this.#isIndention = false;
        wasBreak = false;
      }
    }
  }
}

/** Whether a node is a list or mapping without anything in it: such are always written in one line. */
const isEmptyCollection = (node: YamlNode): boolean =>
  (node.kind === 'sequence' && node.items.length === 0) || (node.kind === 'mapping' && node.entries.length === 0);
