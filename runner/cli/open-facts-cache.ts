import type { Config } from '../config/index.ts';
import { MusterError, SettingError } from '../errors/index.ts';
import { type FactsCache, JsonFactsCache } from '../variables/index.ts';
import type { RunFlags } from './run-options.ts';

/** The cache that `fact_caching` names; in memory is what every run has. */
export const openFactsCache = (flags: RunFlags, config: Config): FactsCache | undefined => {
  const plugin = config.factCaching.replace(/^ansible\.builtin\./, '');
  if (plugin === 'memory') return undefined;
  if (plugin !== 'jsonfile') {
    throw new SettingError({
      message: `fact_caching is '${plugin}', which muster does not have`,
      expected: 'memory or jsonfile',
      hint: 'facts of earlier runs in other caches are not read; jsonfile keeps them in a folder',
    });
  }
  if (!config.factCachingConnection) {
    throw new MusterError({ message: 'fact_caching is jsonfile, and fact_caching_connection names no folder' });
  }
  const cache = new JsonFactsCache(
    config.factCachingConnection,
    config.factCachingPrefix ?? '',
    config.factCachingTimeout,
  );
  if (flags.flushCache) cache.clear();
  return cache;
};
