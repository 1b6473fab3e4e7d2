/**
 * POSIX sh text that is safe to run: it can only be made by the `sh` tag, which quotes every value put into it, from
 * `shellFunction`, and by `raw`, for text that a user meant as shell. Must work under dash, busybox ash and bash.
 */
export class Script {
  readonly text: string;
  /** The functions that the text calls; the session defines each one once. */
  readonly functions: ReadonlySet<ShellFunction>;

  constructor(text: string, functions: Iterable<ShellFunction> = []) {
    this.text = text;
    this.functions = new Set(functions);
  }
}

/** A shell function that is sent to a target's shell once and then called by name in any number of scripts. */
export class ShellFunction {
  readonly name: string;
  readonly body: string;
  readonly needs: readonly ShellFunction[];

  constructor(name: string, body: string, needs: readonly ShellFunction[]) {
    this.name = name;
    this.body = body;
    this.needs = needs;
  }
}

/**
 * Declares a function for the remote shell. `name` starts with `m_`, so that it never meets a user's command; `body` is
 * what stands between its braces, `needs` are the functions that it calls itself.
 */
export const shellFunction = (name: `m_${string}`, body: string, needs: readonly ShellFunction[] = []): ShellFunction =>
  new ShellFunction(name, body.trim(), needs);

export type ScriptPart = string | number | boolean | Script | ShellFunction | undefined | readonly ScriptPart[];

/**
 * A script from a template literal: text and numbers are quoted as one word, `undefined` and '' become '' (an empty word),
 * lists become several words, scripts stand as they are, and a shell function becomes its name and is noted as needed.
 *
 *     sh`${stat} ${path} && chmod ${mode} ${path}`
 */
export const sh = (strings: TemplateStringsArray, ...parts: ScriptPart[]): Script => {
  const functions = new Set<ShellFunction>();
  let text = strings[0]!;
  parts.forEach((part, index) => {
    text += insert(part, functions) + strings[index + 1]!;
  });
  return new Script(text, functions);
};

const insert = (part: ScriptPart, functions: Set<ShellFunction>): string => {
  if (part instanceof Script) {
    for (const needed of part.functions) functions.add(needed);
    return part.text;
  }
  if (part instanceof ShellFunction) {
    functions.add(part);
    return part.name;
  }
  if (Array.isArray(part)) return part.map((item: ScriptPart) => insert(item, functions)).join(' ');
  return quote(part === undefined ? '' : String(part));
};

/** Text that is shell already (a user's command line, a constant), taken as it is. */
export const raw = (text: string): Script => new Script(text);

/** Several scripts one after the other, each on a line of its own. */
export const lines = (...scripts: readonly (Script | undefined | false)[]): Script => {
  const given = scripts.filter((script): script is Script => script instanceof Script);
  return new Script(
    given.map(({ text }) => text).join('\n'),
    given.flatMap(({ functions }) => [...functions]),
  );
};

/** One word of shell, in single quotes where it needs them. */
export const quote = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
