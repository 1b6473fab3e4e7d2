import { existsSync } from 'node:fs';
import { MusterError } from '../../errors/index.ts';
import { expandHostPattern, parseAddress } from '../address.ts';
import type { SourceContext, SourceKind } from './source.ts';

const isList = (source: string): boolean => source.includes(',') && !existsSync(source);

/** `-i host1,host2,`: hosts, each perhaps with a port. */
export const hostListSource: SourceKind = {
  name: 'host_list',
  accepts: isList,
  read: (source, context) => {
    for (const item of itemsOf(source)) {
      const address = parseAddress(item, { ranges: false });
      addUngrouped(context, address?.host ?? item, address?.port);
    }
  },
};

/** The same with ranges: `-i 'web[01:10],'`. */
export const advancedHostListSource: SourceKind = {
  name: 'advanced_host_list',
  accepts: isList,
  read: (source, context) => {
    for (const item of itemsOf(source)) {
      const { hosts, port } = expand(item);
      for (const host of hosts) addUngrouped(context, host, port);
    }
  },
};

const itemsOf = (source: string): string[] =>
  source
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const addUngrouped = ({ inventory }: SourceContext, host: string, port: number | undefined): void => {
  if (!inventory.hosts.has(host)) inventory.addHost(host, 'ungrouped', port);
};

// What is no proper range is a name.
const expand = (item: string): { hosts: string[]; port: number | undefined } => {
  try {
    return expandHostPattern(item);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return { hosts: [item], port: undefined };
  }
};
