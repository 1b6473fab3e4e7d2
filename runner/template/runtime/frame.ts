import type { Value } from '../../values/index.ts';
import type { CompiledTemplate } from './compiled.ts';
import type { Context } from './context.ts';

/** What is known of a frame when its template is compiled. */
export interface Level {
  /** The top of a template: what is set here is seen in its blocks, and exported. */
  readonly isTop: boolean;
  /** The variables that are read right in it, not in frames inside of it. */
  readonly reads: Set<string>;
  /** Whether output stops once the template extends another one. */
  readonly stopsAtExtends: boolean;
}

/** The variables of one run of a loop's body, macro, block or whole template; what is missing is looked for outside. */
export class Frame {
  readonly context: Context;
  readonly parent: Frame | undefined;
  readonly level: Level;
  readonly vars: Map<string, Value>;
  /** The template that the one of this frame extends. */
  extended: CompiledTemplate | undefined;
  #copies: Map<string, Value> | undefined;

  constructor(context: Context, level: Level, parent?: Frame, vars: Map<string, Value> = new Map()) {
    this.context = context;
    this.level = level;
    this.parent = parent;
    this.vars = vars;
  }
  find(name: string): Value | undefined {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      const value = frame.vars.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  /** Whether the template of this frame extends another one by now, and so puts out nothing itself. */
  get isExtending(): boolean {
    let frame: Frame = this;
    while (frame.parent !== undefined) frame = frame.parent;
    return frame.extended !== undefined;
  }
  /** Everything that was set here and outside, for included templates. */
  get all(): Map<string, Value> {
    const all = this.parent ? this.parent.all : new Map<string, Value>();
    for (const [name, value] of this.vars) all.set(name, value);
    return all;
  }
  /** The template's own copy of a variable that it may change. It lives as long as the outermost frame that reads it. */
  copyOf(name: string, make: () => Value): Value {
    let owner: Frame = this;
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      if (frame.level.reads.has(name)) owner = frame;
    }
    owner.#copies ??= new Map();
    const known = owner.#copies.get(name);
    if (known !== undefined) return known;
    const made = make();
    owner.#copies.set(name, made);
    return made;
  }
}
