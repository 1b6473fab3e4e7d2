import { type Problem, SettingError } from '../errors/index.ts';

export interface IniValue {
  readonly text: string;
  readonly line: number;
}

/** Sections in their order, each with its keys (in lower case) in theirs. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, IniValue>>;

/**
 * Reads a configuration file by the rules of Python's configparser as Ansible sets it up: `=` or `:` between key and
 * value, `#` and `;` comment lines, ` ;` comments after values, indented lines continue a value, and sections and keys
 * must not repeat. Keys of `[DEFAULT]` are in every section. Throws SettingError with all mistakes.
 */
export const readIni = (text: string, file: string): Ini => {
  const sections = new Map<string, Map<string, IniValue>>();
  const defaults = new Map<string, IniValue>();
  const problems: Problem[] = [];
  let section: Map<string, IniValue> | undefined;
  let key: string | undefined;
  let parts: string[] = [];
  let start = 0;
  let indent = 0;
  let lacksSection = false;

  const finish = (): void => {
    if (section && key !== undefined) {
      while (parts.at(-1) === '') parts.pop();
      section.set(key, { text: parts.join('\n'), line: start });
    }
    key = undefined;
  };
  const report = (line: number, column: number, message: string, expected?: string): void => {
    problems.push({ message, origin: { file, line, column }, expected });
  };

  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .forEach((raw, index) => {
      const line = index + 1;
      const isComment = /^\s*[#;]/.test(raw);
      const content = isComment ? '' : raw.replace(/(^|\s);.*$/, '').trim();
      const depth = raw.search(/\S/);
      if (content === '') {
        // An empty line may stand inside a value; a comment line does not.
        if (!isComment && key !== undefined) parts.push('');
        return;
      }
      if (key !== undefined && depth > indent) {
        parts.push(content);
        return;
      }
      indent = depth;
      const header = /^\[(.+)\]/.exec(content);
      if (header) {
        finish();
        const name = header[1]!;
        if (name === 'DEFAULT') section = defaults;
        else if (sections.has(name)) report(line, depth + 2, `section [${name}] stands here a second time`);
        else section = sections.set(name, new Map()).get(name);
        return;
      }
      finish();
      if (!section) {
        // Once is enough: all lines up to the next section are without one.
        if (!lacksSection) report(line, depth + 1, `there is no section above: ${content}`, 'a line like [defaults]');
        lacksSection = true;
        return;
      }
      const sign = content.search(/[=:]/);
      const name = content.slice(0, sign).trimEnd().toLowerCase();
      if (sign === -1 || name === '') {
        report(line, depth + 1, `this is no setting: ${content}`, 'key = value');
        return;
      }
      if (section.has(name)) {
        report(line, depth + 1, `${name} is set a second time in this section`);
        return;
      }
      key = name;
      parts = [content.slice(sign + 1).trimStart()];
      start = line;
    });
  finish();
  if (problems.length > 0) throw new SettingError(problems);
  for (const values of sections.values()) {
    for (const [name, value] of defaults) if (!values.has(name)) values.set(name, value);
  }
  return sections;
};
