import type { Config } from '../config/index.ts';
import { filters } from '../template/filters/index.ts';
import { Templar, type TemplarOptions } from '../template/index.ts';
import { lookups } from '../template/lookups/index.ts';
import { tests } from '../template/tests/index.ts';
import type { Value } from '../values/index.ts';
import type { VaultSecrets } from '../vault/index.ts';

/** A templar whose `config` lookup knows the settings. */
class ConfiguredTemplar extends Templar {
  readonly #config: Config;

  constructor(config: Config, options: TemplarOptions) {
    super(options);
    this.#config = config;
  }

  setting(name: string, pluginType?: string): Value | undefined {
    return this.#config.lookup(name, pluginType);
  }
}

/** The templar of a run, with every filter, test and lookup, as the configuration has it. */
export const openTemplar = (config: Config, vault: VaultSecrets): Templar =>
  new ConfiguredTemplar(config, {
    filters,
    tests,
    lookups,
    jinja2Native: config.jinja2Native,
    extensions: config.jinja2Extensions.split(',').flatMap((name) => name.trim() || []),
    decrypt: (ciphertext) =>
      typeof ciphertext === 'string'
        ? Buffer.from(vault.decryptText(ciphertext))
        : vault.decryptFile(ciphertext, 'the vault value'),
  });
