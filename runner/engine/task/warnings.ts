import type { ModuleContext } from '../../modules/index.ts';
import { type Dict, dict } from '../../values/index.ts';

/** What a module warns of while it runs: it becomes part of the result, as playbooks and front ends expect it. */
export class Warnings implements Pick<ModuleContext, 'warn' | 'deprecate'> {
  readonly #warnings = new Set<string>();
  readonly #deprecations = new Set<string>();

  readonly warn = (message: string): void => void this.#warnings.add(message);
  readonly deprecate = (message: string): void => void this.#deprecations.add(message);

  /** The result with the warnings in it, behind those that it has already. */
  addTo(result: Dict): Dict {
    const known = result.get('warnings');
    if (this.#warnings.size > 0) {
      result.set('warnings', [...new Set([...(Array.isArray(known) ? known : []), ...this.#warnings])]);
    }
    if (this.#deprecations.size > 0) {
      result.set(
        'deprecations',
        [...this.#deprecations].map((msg) => dict({ msg })),
      );
    }
    return result;
  }
}
