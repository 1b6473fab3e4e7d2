import type { Config } from '../config/index.ts';
import { filters } from '../template/filters/index.ts';
import { Templar } from '../template/index.ts';
import { lookups } from '../template/lookups/index.ts';
import { tests } from '../template/tests/index.ts';
import type { VaultSecrets } from '../vault/index.ts';

/** The templar of a run, with every filter, test and lookup, as the configuration has it. */
export const openTemplar = (config: Config, vault: VaultSecrets): Templar =>
  new Templar({
    filters,
    tests,
    lookups,
    setting: (name, pluginType) => config.lookup(name, pluginType),
    jinja2Native: config.jinja2Native,
    extensions: config.jinja2Extensions.split(',').flatMap((name) => name.trim() || []),
    decrypt: (ciphertext) =>
      typeof ciphertext === 'string'
        ? Buffer.from(vault.decryptText(ciphertext))
        : vault.decryptFile(ciphertext, 'the vault value'),
  });
