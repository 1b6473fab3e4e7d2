import { parseJson, toValue } from '../../../values/index.ts';
import type { Collector, Facts } from './collector.ts';

const readObject = (text: string | undefined): Facts => {
  if (text === undefined) return {};
  try {
    const value = parseJson(text);
    const facts: Facts = {};
    if (value instanceof Map) for (const [name, fact] of value) facts[String(name)] = toValue(fact);
    return facts;
  } catch {
    return {};
  }
};

/** Puppet's facts, where its tool is installed. */
export const facter: Collector = {
  name: 'facter',
  prefix: 'facter_',
  slow: ({ mark }) => `for m_tool in cfacter /opt/puppetlabs/bin/cfacter facter /opt/puppetlabs/bin/facter; do
command -v "$m_tool" >/dev/null && { ${mark('facter')}; "$m_tool" --puppet --json 2>/dev/null; break; }; done`,
  read: (dump) => readObject(dump.section('facter')),
};

/** Chef's facts, where its tool is installed. */
export const ohai: Collector = {
  name: 'ohai',
  prefix: 'ohai_',
  slow: ({ mark }) => `command -v ohai >/dev/null && { ${mark('ohai')}; ohai 2>/dev/null; }`,
  read: (dump) => readObject(dump.section('ohai')),
};
