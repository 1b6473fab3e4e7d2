import { didYouMean, type Origin, TemplateError } from '../errors/index.ts';
import { type Dict, Float, Template, type Value, VaultText } from '../values/index.ts';
import { type CompiledExpression, compile, compileExpressionText, type Registry } from './compile/index.ts';
import { conditionValue } from './condition.ts';
import type { Filter, GlobalFunction, Lookup, Test } from './define.ts';
import { ScopeEnvironment } from './environment.ts';
import { globalFunctions, globalValues } from './globals.ts';
import { readHeader } from './header.ts';
import { callFunction, invoke } from './invoke.ts';
import { asTooMuch } from './limits.ts';
import { overlay } from './overlay.ts';
import { locate } from './positions.ts';
import { defined, getAttribute, getItem, templateError, truth } from './python/index.ts';
import { named } from './registry.ts';
import { renderDeep } from './render-deep.ts';
import { whileRunning } from './reword.ts';
import {
  type CompiledTemplate,
  Context,
  type Environment,
  Frame,
  KeptText,
  keptEntry,
  type Mode,
  plain,
  Sink,
} from './runtime/index.ts';
import { endWithSameNewlines, singleVariable } from './source-text.ts';
import { type Syntax, unknownMessage } from './syntax/index.ts';
import { fileSyntax, sharedSyntax } from './syntaxes.ts';
import type { CallContext, Engine, RenderFileOptions, RenderValueOptions, Scope } from './types.ts';
import { resolveVariable } from './variables.ts';

/** What a templar is made of, and what the configuration says about templates. */
export interface TemplarOptions {
  readonly filters: readonly Filter[];
  readonly tests: readonly Test[];
  readonly lookups: readonly Lookup[];
  readonly globals?: readonly GlobalFunction[];
  /** Templates give native values: `jinja2_native`. */
  readonly jinja2Native?: boolean;
  /** None shows as `None` in text; as jinja2Native unless told. */
  readonly showsNone?: boolean;
  /** Jinja2's extensions, e.g. `jinja2.ext.do`: `jinja2_extensions`. */
  readonly extensions?: readonly string[];
  /** Where templates in playbooks look for what they include. */
  readonly searchPath?: readonly string[];
  readonly decrypt?: (ciphertext: Buffer | string) => Buffer;
  /** The folder that lookups start from where no variable names one. */
  readonly baseDirectory?: string;
  /** A setting by Ansible's name, or one of a kind of plugin, for the `config` lookup. */
  readonly setting?: (name: string, pluginType?: string) => Value | undefined;
}

interface RenderTextOptions extends RenderValueOptions {
  readonly mode?: Mode;
  readonly syntax?: Syntax;
  readonly searchPath?: readonly string[];
  readonly allowsLookups?: boolean;
}

// When so many templates were compiled, they hardly are those of the sources any more.
const mostCompiled = 20_000;

/** Renders templates and decides conditions with the variables of a scope, by the rules of Ansible and Jinja2. */
export class Templar implements Engine, Registry {
  readonly globals: ReadonlyMap<string, Value>;
  readonly #filters: ReadonlyMap<string, Filter>;
  readonly #tests: ReadonlyMap<string, Test>;
  readonly #lookups: ReadonlyMap<string, Lookup>;
  readonly #globalsWithoutLookups: ReadonlyMap<string, Value>;
  readonly #options: TemplarOptions;
  readonly #mode: Mode;
  readonly #extensions: readonly string[];
  readonly #showsNone: boolean;
  // Files are never rendered natively, nor what they read.
  readonly #forFiles: Templar;
  readonly #escapingSyntax: Syntax;
  readonly #plainSyntax: Syntax;
  readonly #calls = new WeakMap<Scope, CallContext>();
  readonly #environments = new WeakMap<Scope, Environment>();
  #compiled = new WeakMap<Syntax, Map<string, CompiledTemplate>>();
  #compiledCount = 0;
  readonly #expressions = new Map<string, CompiledExpression>();

  constructor(options: TemplarOptions) {
    this.#options = options;
    this.#filters = named(options.filters);
    this.#tests = named(options.tests);
    this.#lookups = named(options.lookups);
    this.globals = globalValues([...globalFunctions, ...(options.globals ?? [])]);
    this.#globalsWithoutLookups = new Map([...this.globals].filter(([name]) => !lookupNames.has(name)));
    this.#mode = options.jinja2Native ? 'native' : 'data';
    this.#extensions = options.extensions ?? [];
    this.#showsNone = options.showsNone ?? options.jinja2Native ?? false;
    this.#forFiles = options.jinja2Native ? new Templar({ ...options, jinja2Native: false, showsNone: true }) : this;
    this.#escapingSyntax = sharedSyntax({ extensions: this.#extensions, escapeBackslashes: true });
    this.#plainSyntax = sharedSyntax({ extensions: this.#extensions });
  }

  /** Renders what a source file holds: all Templates in it, deeply. Keys stay as they are. Everything else is data. */
  render(value: Value, scope: Scope, options: RenderValueOptions = {}): Value {
    return plain(renderDeep(value, (leaf, isTop) => this.#renderLeaf(leaf, scope, isTop ? options : nested(options))));
  }

  /** A variable of the scope, rendered; undefined when there is none. What is undefined in it raises its error. */
  variable(name: string, scope: Scope): Value | undefined {
    const value = this.resolve(name, scope);
    if (value instanceof VaultText) return value.decrypt();
    return value === undefined ? undefined : plain(defined(value));
  }

  /** A variable of the scope as templates see it: an Undefined when something in it is undefined. */
  resolve(name: string, scope: Scope): Value | undefined {
    const known = scope.rendered.get(name);
    if (known !== undefined) return keptEntry(scope.rendered, name, known);
    return resolveVariable(name, scope, (raw) =>
      // Only what uses encrypted text decrypts it.
      raw instanceof VaultText ? raw : renderDeep(raw, (leaf) => this.#renderLeaf(leaf, scope, {})),
    );
  }

  /** Whether a condition (`when`, `until`, `failed_when`, …) holds. A list holds when all of it does. */
  condition(value: Value, scope: Scope, origin?: Origin): boolean {
    return truth(this.conditionValue(value, scope, origin));
  }

  /** What a condition evaluates to, which need not be a boolean: `{{ x }}` alone gives x. */
  conditionValue(value: Value, scope: Scope, origin?: Origin): Value {
    const render = (text: string, place: Origin | undefined, allowsLookups: boolean): Value =>
      plain(this.#renderLeaf(new Template(text, place), scope, { allowsLookups }));
    return conditionValue(value, { scope, render, reads: (text) => this.#readsOf(text) }, origin);
  }

  /** The value of an expression, as it would stand between `{{` and `}}`, with its own type. */
  evaluate(expression: string, scope: Scope, origin?: Origin): Value {
    return this.#located(scope, origin, () => {
      let compiled = this.#expressions.get(expression);
      if (compiled === undefined) {
        compiled = compileExpressionText(expression, this.#playbookSyntax(false), this);
        if (this.#expressions.size > mostCompiled) this.#expressions.clear();
        this.#expressions.set(expression, compiled);
      }
      const context = new Context(this.#environment(scope, {}));
      return compiled.evaluate(new Frame(context, compiled.level));
    });
  }

  /** Renders a file's text as the `template` module does. */
  renderFile(text: string, scope: Scope, options: RenderFileOptions): string {
    return String(plain(this.#renderFile(text, scope, options, 'text')));
  }

  /** Renders a file's text as the `template` lookup does: text that looks like a list, dict or boolean becomes one. */
  renderFileData(text: string, scope: Scope, options: RenderFileOptions): Value {
    return plain(this.#renderFile(text, scope, options, 'data'));
  }

  filter(name: string): Filter | undefined {
    return this.#filters.get(name);
  }

  test(name: string): Test | undefined {
    return this.#tests.get(name);
  }

  filterNames(): Iterable<string> {
    return this.#filters.keys();
  }

  testNames(): Iterable<string> {
    return this.#tests.keys();
  }

  hasFilter(name: string): boolean {
    return this.#filters.has(name);
  }

  hasTest(name: string): boolean {
    return this.#tests.has(name);
  }

  callFilter(name: string, value: Value, args: readonly Value[], kwargs: Dict, context: CallContext): Value {
    const filter = this.#filters.get(name);
    if (filter === undefined) throw unknown('filter', name, this.filterNames());
    return invoke(name, filter, value, args, kwargs, context);
  }

  callTest(name: string, value: Value, args: readonly Value[], kwargs: Dict, context: CallContext): boolean {
    const test = this.#tests.get(name);
    if (test === undefined) throw unknown('test', name, this.testNames());
    return invoke(name, test, value, args, kwargs, context);
  }

  callLookup(name: string, terms: readonly Value[], kwargs: Dict, context: CallContext): Value[] {
    const lookup = this.#lookups.get(name);
    if (lookup === undefined) {
      throw templateError('other', `lookup plugin (${name}) not found`, didYouMean(name, this.#lookups.keys()));
    }
    return lookup.run(context, terms, kwargs);
  }

  getAttribute(value: Value, name: string): Value {
    return getAttribute(value, name);
  }

  getItem(value: Value, key: Value): Value {
    return getItem(value, key);
  }

  call(callee: Value, args: readonly Value[], kwargs: Dict, context: CallContext): Value {
    return callFunction(callee, args, kwargs, context);
  }

  decrypt(ciphertext: Buffer | string): Buffer {
    if (this.#options.decrypt === undefined) throw templateError('other', 'there is no vault secret to decrypt with');
    return this.#options.decrypt(ciphertext);
  }

  get isNative(): boolean {
    return this.#options.jinja2Native ?? false;
  }

  get baseDirectory(): string | undefined {
    return this.#options.baseDirectory;
  }

  setting(name: string, pluginType?: string): Value | undefined {
    return this.#options.setting?.(name, pluginType);
  }

  /** Compiles a template, once for each text and syntax. */
  compile(text: string, syntax: Syntax): CompiledTemplate {
    let bySyntax = this.#compiled.get(syntax);
    if (bySyntax === undefined) {
      bySyntax = new Map();
      this.#compiled.set(syntax, bySyntax);
    }
    const known = bySyntax.get(text);
    if (known !== undefined) return known;
    if (++this.#compiledCount > mostCompiled) {
      this.#compiled = new WeakMap();
      this.#compiledCount = 0;
    }
    const compiled = compile(text, syntax, this);
    bySyntax.set(text, compiled);
    return compiled;
  }

  #renderLeaf(value: Template | VaultText, scope: Scope, options: RenderTextOptions): Value {
    if (value instanceof VaultText) return value.decrypt();
    const { source, origin } = value;
    if (!Template.needed(source)) return source;
    const name = singleVariable(source);
    if (name !== undefined) {
      // A lone number, boolean or null keeps its type.
      const raw = scope.get(name);
      if (raw === null || (raw !== undefined && isPlainScalar(raw))) return raw;
    }
    try {
      return this.#renderText(source, origin, scope, options);
    } catch (error) {
      if (options.failOnUndefined === false && error instanceof TemplateError && error.kind === 'undefined')
        return new KeptText(source, 'Template');
      throw error;
    }
  }

  #renderText(text: string, origin: Origin | undefined, scope: Scope, options: RenderTextOptions): Value {
    return this.#located(scope, origin, () => {
      const given = options.syntax ?? this.#playbookSyntax(options.escapeBackslashes ?? true);
      const { text: body, syntax } = readHeader(text, given);
      const mode = options.mode ?? (options.convertData === false && this.#mode === 'data' ? 'text' : this.#mode);
      const compiled = this.compile(body, syntax);
      const environment = this.#environment(scope, { ...options, mode, syntax });
      const sink = new Sink(environment);
      compiled.run(new Context(environment), sink);
      return endWithSameNewlines(sink.value, text, syntax.newlineSequence);
    });
  }

  #renderFile(text: string, scope: Scope, options: RenderFileOptions, mode: Mode): Value {
    if (this.#forFiles !== this) return this.#forFiles.#renderFile(text, overlay(scope, new Map()), options, mode);
    const inner = options.vars ? overlay(scope, options.vars) : scope;
    const syntax = fileSyntax(options, this.#extensions);
    const searchPath = options.searchPath ?? this.#options.searchPath ?? [];
    const origin = { file: options.file, line: 1, column: 1 };
    return this.#renderText(text, origin, inner, { mode, syntax, searchPath });
  }

  #playbookSyntax(escapeBackslashes: boolean): Syntax {
    return escapeBackslashes ? this.#escapingSyntax : this.#plainSyntax;
  }

  #call(scope: Scope): CallContext {
    let call = this.#calls.get(scope);
    if (call === undefined) {
      call = { scope, engine: this };
      this.#calls.set(scope, call);
    }
    return call;
  }

  #environment(scope: Scope, options: RenderTextOptions): Environment {
    const { mode = this.#mode, syntax = this.#plainSyntax, searchPath, allowsLookups = true } = options;
    const isPlaybook = syntax === this.#plainSyntax || syntax === this.#escapingSyntax;
    const isUsual = isPlaybook && mode === this.#mode && searchPath === undefined && allowsLookups;
    const known = isUsual ? this.#environments.get(scope) : undefined;
    if (known !== undefined) return known;
    const made = new ScopeEnvironment(this, this.#call(scope), {
      mode,
      showsNone: this.#showsNone,
      syntax: isPlaybook ? this.#plainSyntax : syntax,
      searchPath: searchPath ?? this.#options.searchPath ?? [],
      globals: allowsLookups ? this.globals : this.#globalsWithoutLookups,
    });
    if (isUsual) this.#environments.set(scope, made);
    return made;
  }

  #readsOf(text: string): ReadonlySet<string> {
    return this.compile(text, this.#playbookSyntax(true)).reads;
  }

  // Errors get the place in the source, and the name that was probably meant.
  #located(scope: Scope, origin: Origin | undefined, work: () => Value): Value {
    try {
      return work();
    } catch (thrown) {
      const error = asTooMuch(thrown);
      if (!(error instanceof TemplateError)) throw error;
      const name = error.kind === 'undefined' ? /^'(\w+)' is undefined/.exec(error.message)?.[1] : undefined;
      throw locate(error, origin, name === undefined ? undefined : didYouMean(name, scope.names()));
    }
  }
}

const lookupNames = new Set(['lookup', 'query', 'q']);

// What is inside of a list or dict is rendered in the usual way.
const nested = ({ failOnUndefined }: RenderValueOptions): RenderValueOptions =>
  failOnUndefined === undefined ? {} : { failOnUndefined };

const isPlainScalar = (value: Value): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof Float;

const unknown = (kind: string, name: string, names: Iterable<string>): TemplateError =>
  new TemplateError(
    'syntax',
    { message: unknownMessage(kind, name), hint: didYouMean(name, names) },
    { cause: whileRunning },
  );
