import type { Dict, TextType, Value } from '../values/index.ts';

/** The variables that a template sees, for one host and task. Made by `runner/variables`. */
export interface Scope {
  /** A variable as it is stored: it may still hold Templates, which the templar renders when the name is used. */
  get(name: string): Value | undefined;
  /** All names, for the `vars` variable and `varnames` lookup. */
  names(): Iterable<string>;
  /** What names were rendered to, so that each is rendered once a scope. Owned by the templar. */
  readonly rendered: Map<string, Value>;
  /** The host's name, for error messages. */
  readonly host?: string | undefined;
  /**
   * Whether a variable holds what a host has said (facts, registered results). Conditions may not be made of such text.
   * Without it no text that a condition is made of may use lookups.
   */
  isFromHost?(name: string): boolean;
  /** What Ansible's type of a variable's text is, where that was noted when it was set. */
  textMark?(name: string): TextType | undefined;
}

/** What filters, tests, lookups and global functions are called with besides their arguments. */
export interface CallContext {
  readonly scope: Scope;
  readonly engine: Engine;
}

/** What filters, tests and lookups may use of the template engine. */
export interface Engine {
  callFilter(name: string, value: Value, args: readonly Value[], kwargs: Dict, context: CallContext): Value;
  callTest(name: string, value: Value, args: readonly Value[], kwargs: Dict, context: CallContext): boolean;
  callLookup(name: string, terms: readonly Value[], kwargs: Dict, context: CallContext): Value[];
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
  /** Jinja2's `environment.getattr` (`foo.bar`): attribute first, then item. Gives an Undefined when there is none. */
  getAttribute(value: Value, name: string): Value;
  /** Jinja2's `environment.getitem` (`foo['bar']`): item first, then attribute. Gives an Undefined when there is none. */
  getItem(value: Value, key: Value): Value;
  /** Calls a macro, bound method or global function. */
  call(callee: Value, args: readonly Value[], kwargs: Dict, context: CallContext): Value;
  /** Renders a value that may hold Templates, deeply. */
  render(value: Value, scope: Scope, options?: RenderValueOptions): Value;
  /** Renders text as the `template` module renders a file. */
  renderFile(text: string, scope: Scope, options: RenderFileOptions): string;
  /** Renders text as the `template` lookup does: what looks like a list, dict or boolean becomes one. */
  renderFileData(text: string, scope: Scope, options: RenderFileOptions): Value;
  /** Decrypts the text of a vault file or value (`unvault` lookup and filter). Throws MusterError. */
  decrypt(ciphertext: Buffer | string): Buffer;
  /** Templates give native values: `jinja2_native`. */
  readonly isNative?: boolean;
  /** The folder that lookups start from where no variable names one; the working directory when absent. */
  readonly baseDirectory?: string | undefined;
  /**
   * A setting by Ansible's name, e.g. `DEFAULT_FORKS`, or a plugin's option (`config` lookup); undefined when there is
   * none of that name.
   */
  setting?(name: string, pluginType?: string): Value | undefined;
}

export interface RenderValueOptions {
  /** Whether an undefined variable is an error; true unless told. */
  readonly failOnUndefined?: boolean;
  /** Whether a result that looks like a list, dict or boolean becomes one; true unless told. */
  readonly convertData?: boolean;
  /** Whether backslashes in string literals of `{{ }}` are doubled, as Ansible does for playbook text. */
  readonly escapeBackslashes?: boolean;
}

/** The arguments of the `template` module and lookup that change how text is rendered. */
export interface RenderFileOptions {
  /** The template's path: shown in errors, and where relative includes are looked for. */
  readonly file: string;
  /** Folders where includes, imports and extends are looked for, in order. */
  readonly searchPath?: readonly string[];
  readonly vars?: Dict;
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly keepTrailingNewline?: boolean;
  readonly newlineSequence?: string;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
}
