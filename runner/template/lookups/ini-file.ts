import { lookupError } from './support.ts';

export interface IniOptions {
  readonly caseSensitive: boolean;
  readonly allowNoValue: boolean;
}

type Section = Map<string, string | null>;

/** An INI file as Python's configparser reads it, with `%(name)s` filled in when a value is asked for. */
export class IniFile {
  readonly #sections = new Map<string, Section>();
  readonly #defaults: Section = new Map();
  readonly #options: IniOptions;
  readonly #file: string;

  constructor(text: string, file: string, options: IniOptions) {
    this.#options = options;
    this.#file = file;
    this.#read(text);
  }

  /** A section's value; undefined when there is no such key. */
  value(section: string, key: string): string | null | undefined {
    const values = this.#values(section);
    const value = values.get(this.#keyOf(key));
    return value === null || value === undefined ? value : this.#interpolate(value, values, 0);
  }

  /** Keys and values of a section, those of DEFAULT with them. */
  entries(section: string): [string, string | null][] {
    const values = this.#values(section);
    return [...values].map(([key, value]) => [key, value === null ? null : this.#interpolate(value, values, 0)]);
  }

  #values(section: string): Section {
    const own = section === 'DEFAULT' ? new Map<string, string | null>() : this.#sections.get(section);
    if (!own) throw lookupError(`No section '${section}' in ${this.#file}`);
    return new Map([...this.#defaults, ...own]);
  }

  #keyOf(key: string): string {
    return this.#options.caseSensitive ? key : key.toLowerCase();
  }

  #interpolate(value: string, values: Section, depth: number): string {
    if (depth > 10) throw lookupError(`Value interpolation too deeply recursive in ${this.#file}: ${value}`);
    return value.replace(/%(%|\(([^)]+)\)s)?/g, (_, known: string | undefined, name: string | undefined) => {
      if (known === '%') return '%';
      if (name === undefined) throw lookupError(`'%' must be followed by '%' or '(' in ${this.#file}: ${value}`);
      const found = values.get(this.#keyOf(name));
      if (found === undefined || found === null)
        throw lookupError(`Bad value substitution in ${this.#file}: there is no key '${name}' for ${value}`);
      return this.#interpolate(found, values, depth + 1);
    });
  }

  #read(text: string): void {
    let section: Section | undefined;
    let key: string | undefined;
    let indent = 0;
    text.split(/\r\n|\r|\n/).forEach((line, index) => {
      const trimmed = line.trim();
      if (/^[#;]/.test(trimmed)) return;
      if (trimmed === '') {
        if (section && key !== undefined) append(section, key, '');
        return;
      }
      const ownIndent = /\S/.exec(line)!.index;
      if (section && key !== undefined && ownIndent > indent) {
        append(section, key, trimmed);
        return;
      }
      indent = ownIndent;
      const header = /^\[(.+)\]/.exec(trimmed);
      if (header) {
        section = this.#open(header[1]!);
        key = undefined;
        return;
      }
      if (!section) throw lookupError(`File contains no section headers. file: '${this.#file}', line: ${index + 1}`);
      key = this.#add(section, trimmed, index + 1);
    });
    for (const values of [this.#defaults, ...this.#sections.values()])
      for (const [name, value] of values) values.set(name, value === null ? null : value.replace(/\s+$/, ''));
  }

  #open(name: string): Section {
    if (name === 'DEFAULT') return this.#defaults;
    if (this.#sections.has(name)) throw lookupError(`section '${name}' already exists in ${this.#file}`);
    const section: Section = new Map();
    this.#sections.set(name, section);
    return section;
  }

  #add(section: Section, line: string, number: number): string {
    const found = /^(.*?)\s*[=:]\s*(.*)$/.exec(line);
    if (!found && !this.#options.allowNoValue)
      throw lookupError(`Source contains parsing errors: '${this.#file}' [line ${number}]: '${line}'`);
    const key = this.#keyOf((found?.[1] ?? line).trim());
    if (section.has(key)) throw lookupError(`Duplicate option in '${this.#file}': '${key}' at line ${number}`);
    section.set(key, found ? found[2]! : null);
    return key;
  }
}

const append = (section: Section, key: string, line: string): void => {
  const before = section.get(key);
  if (before !== null && before !== undefined) section.set(key, `${before}\n${line}`);
};
