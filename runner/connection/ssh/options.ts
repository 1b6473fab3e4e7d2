import { SourceError } from '../../errors/index.ts';
import type { SshOption } from './arguments.ts';

/** Options by name; the first one that sets a value wins, as in ssh. */
export class Options {
  readonly #values = new Map<string, string[]>();

  constructor(options: readonly SshOption[]) {
    this.add(options);
  }

  add(options: readonly SshOption[]): void {
    for (const [name, value] of options) {
      const values = this.#values.get(name);
      if (values) values.push(value);
      else this.#values.set(name, [value]);
    }
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    return value === undefined ? otherwise : value === 'yes' || value === 'true';
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === 'none') return undefined;
    const found = /^(\d+(?:\.\d+)?)([smh]?)$/i.exec(value);
    if (!found) throw new SourceError({ message: `ssh option ${name} has no number: '${value}'` });
    return Number(found[1]) * ({ m: 60, h: 3600 }[found[2]!.toLowerCase()] ?? 1);
  }
}
