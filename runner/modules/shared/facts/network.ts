import type { Result } from '../../../values/index.ts';
import { type InterfaceAddresses, readAddresses } from './addresses.ts';
import type { Collector, Facts } from './collector.ts';
import type { Dump } from './dump.ts';

const root = '/sys/class/net';
const types: Readonly<Record<string, string>> = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
};
const simpleFiles = ['address', 'mtu', 'operstate', 'type', 'speed', 'flags'];
const bondingFiles = ['slaves', 'mode', 'miimon', 'lacp_rate', 'primary', 'all_slaves_active'];
// Addresses far away: the route to them is the default one.
const remotes = { 4: '8.8.8.8', 6: '2404:6800:400a:800::1012' } as const;

export const network: Collector = {
  name: 'network',
  factNames: ['all_ipv4_addresses', 'all_ipv6_addresses', 'default_ipv4', 'default_ipv6', 'interfaces'],
  needs: ['distribution', 'platform'],
  files: [
    ...simpleFiles.map((file) => `${root}/*/${file}`),
    `${root}/*/bridge/bridge_id`,
    `${root}/*/bridge/stp_state`,
    ...bondingFiles.map((file) => `${root}/*/bonding/${file}`),
    `${root}/*/bonding_slave/perm_hwaddr`,
  ],
  links: [`${root}/*/device`, `${root}/*/device/driver/module`, `${root}/*/brif/*`],
  quick: ({ mark }) => `command -v ip >/dev/null && {
${mark('route 4')}; ip -4 route get ${remotes[4]} 2>/dev/null
${mark('route 6')}; ip -6 route get ${remotes[6]} 2>/dev/null
${mark('addresses')}; ip addr show 2>/dev/null
}
${mark('bridges')}; for m_f in ${root}/*/bridge ${root}/*/bonding_slave ${root}/*/brif/*; do [ -e "$m_f" ] && echo "$m_f"; done`,
  slow: ({ mark }) => `command -v ethtool >/dev/null && for m_f in ${root}/*; do
[ -d "$m_f" ] || continue
m_name=\${m_f##*/}
${mark('ethtool -k $m_name')}; ethtool -k "$m_name" 2>/dev/null || ${mark('ethtool failed')}
${mark('ethtool -T $m_name')}; ethtool -T "$m_name" 2>/dev/null || ${mark('ethtool failed')}
done`,
  read: (dump) => (dump.section('addresses') === undefined ? {} : readNetwork(dump)),
};

const readNetwork = (dump: Dump): Facts => {
  const names = [...new Set(dump.paths(/^\/sys\/class\/net\//).map((path) => path.split('/')[4]!))];
  const addresses = readAddresses(dump.section('addresses') ?? '');
  const order = [...addresses.keys()].filter((name) => names.includes(name));
  const interfaces = new Map<string, Facts>();
  const defaults = { 4: readRoute(dump, 4), 6: readRoute(dump, 6) };
  const all: { 4: string[]; 6: string[] } = { 4: [], 6: [] };

  for (const name of new Set([...order, ...names])) {
    interfaces.set(name, { ...interfaces.get(name), ...readInterface(dump, name) });
    const found = addresses.get(name);
    if (found) addAddresses(name, found, interfaces, defaults, all);
    Object.assign(interfaces.get(name)!, readEthtool(dump, name));
  }

  const facts: Facts = { interfaces: [...interfaces.keys()].map(safeName) };
  for (const [name, values] of interfaces) facts[safeName(name)] = values;
  return {
    ...facts,
    default_ipv4: defaults[4],
    default_ipv6: defaults[6],
    all_ipv4_addresses: all[4],
    all_ipv6_addresses: all[6],
  };
};

const safeName = (name: string): string => name.replaceAll(':', '_');

/** Interface, source address and gateway of the default route. */
const readRoute = (dump: Dump, family: 4 | 6): Facts => {
  const words = (dump.section(`route ${family}`) ?? '').split('\n')[0]!.trim().split(/\s+/);
  const found: Facts = {};
  if (words[0] !== remotes[family]) return found;
  words.slice(0, -1).forEach((word, index) => {
    const next = words[index + 1]!;
    if (word === 'dev') found.interface = next;
    else if (word === 'src') found.address = next;
    else if (word === 'via' && next !== remotes[family]) found.gateway = next;
  });
  return found;
};

const readInterface = (dump: Dump, name: string): Facts => {
  const path = `${root}/${name}`;
  const file = (inner: string): string | undefined => dump.file(`${path}/${inner}`);
  const marks = (dump.section('bridges') ?? '').split('\n');
  const facts: Facts = { device: name };
  const address = file('address');
  if (address !== undefined && address !== '00:00:00:00:00:00') facts.macaddress = address;
  if (file('mtu') !== undefined) facts.mtu = Number(file('mtu'));
  if (file('operstate') !== undefined) facts.active = file('operstate') !== 'down';
  const module = dump.link(`${path}/device/driver/module`);
  if (module !== undefined) facts.module = baseName(module);
  if (file('type') !== undefined) facts.type = types[file('type')!] ?? 'unknown';
  if (marks.includes(`${path}/bridge`)) {
    facts.type = 'bridge';
    facts.interfaces = marks.filter((mark) => mark.startsWith(`${path}/brif/`)).map(baseName);
    facts.id = file('bridge/bridge_id') ?? '';
    facts.stp = file('bridge/stp_state') === '1';
  }
  if (file('bonding/mode') !== undefined) addBonding(facts, file);
  if (marks.includes(`${path}/bonding_slave`)) facts.perm_macaddress = file('bonding_slave/perm_hwaddr') ?? '';
  const device = dump.link(`${path}/device`);
  if (device !== undefined) facts.pciid = baseName(device);
  if (file('speed') !== undefined) facts.speed = Number(file('speed'));
  if (file('flags') !== undefined) facts.promisc = (Number.parseInt(file('flags')!, 16) & 0x100) > 0;
  return facts;
};

const addBonding = (facts: Facts, file: (inner: string) => string | undefined): void => {
  const first = (inner: string): string => (file(`bonding/${inner}`) ?? '').split(/\s+/)[0]!;
  facts.type = 'bonding';
  facts.slaves = (file('bonding/slaves') ?? '').split(/\s+/).filter((slave) => slave !== '');
  facts.mode = first('mode');
  facts.miimon = first('miimon');
  facts.lacp_rate = first('lacp_rate');
  const primary = file('bonding/primary');
  if (primary === undefined) return;
  facts.primary = primary;
  const allActive = file('bonding/all_slaves_active');
  if (allActive !== undefined) facts.all_slaves_active = allActive === '1';
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const addAddresses = (
  name: string,
  found: InterfaceAddresses,
  interfaces: Map<string, Facts>,
  defaults: { 4: Facts; 6: Facts },
  all: { 4: string[]; 6: string[] },
): void => {
  const own = interfaces.get(name)!;
  const common = { macaddress: own.macaddress, mtu: own.mtu, type: own.type ?? 'unknown' };
  for (const { label, isSecondary, ...entry } of found.ipv4) {
    // An address may carry a label of its own (eth0:1), which then counts as an interface.
    if (label !== name) interfaces.set(label, {});
    const labelled = interfaces.get(label)!;
    if (!isSecondary && labelled.ipv4 === undefined) labelled.ipv4 = { ...entry };
    else append(labelled, 'ipv4_secondaries', { ...entry });
    if (isSecondary && label !== name) append(own, 'ipv4_secondaries', { ...entry });
    if (defaults[4].address === entry.address) {
      const { address: _address, ...rest } = entry;
      Object.assign(defaults[4], rest, common, { alias: label });
    }
    if (!entry.address.startsWith('127.')) all[4].push(entry.address);
  }
  for (const entry of found.ipv6) {
    append(own, 'ipv6', { ...entry });
    if (defaults[6].address === entry.address) {
      Object.assign(defaults[6], { prefix: entry.prefix, scope: entry.scope }, common);
    }
    if (entry.address !== '::1') all[6].push(entry.address);
  }
};

const append = (facts: Facts, key: string, entry: Result): void => {
  facts[key] = [...((facts[key] as Result[] | undefined) ?? []), entry];
};

const readEthtool = (dump: Dump, name: string): Facts => {
  const facts: Facts = {};
  const features = dump.section(`ethtool -k ${name}`);
  if (features !== undefined && features.trim() !== '') {
    const found: Facts = {};
    for (const line of features.trim().split('\n')) {
      const [key, value] = line.split(': ');
      if (key && value) found[key.trim().replaceAll('-', '_')] = value.trim();
    }
    facts.features = found;
  }
  const stamping = dump.section(`ethtool -T ${name}`);
  if (stamping !== undefined && stamping.trim() !== '') {
    const lowered = (pattern: RegExp): string[] =>
      [...stamping.matchAll(pattern)].map((match) => match[1]!.toLowerCase());
    facts.timestamping = lowered(/SOF_TIMESTAMPING_(\w+)/g);
    facts.hw_timestamp_filters = lowered(/HWTSTAMP_FILTER_(\w+)/g);
    const clock = /PTP Hardware Clock: (\d+)/.exec(stamping)?.[1];
    if (clock !== undefined) facts.phc_index = Number(clock);
  }
  return facts;
};
