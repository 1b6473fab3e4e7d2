import type { Facts } from './collector.ts';
import type { Dump } from './dump.ts';

export const processorFiles = ['/sys/hypervisor/type'];

/** The lines of /proc/cpuinfo that matter; the whole would be long on large machines. */
export const processorScript = (mark: string): string => `m_xen=
{ [ -e /proc/xen ] || [ -e /sys/hypervisor/type ]; } && m_xen='|flags'
${mark}; grep -sE "^(processor|Processor|vendor_id|model name|cpu|Vendor|physical id|core id|cpu cores|siblings|# processors|ncpus active|machine$m_xen)[[:space:]]*:" /proc/cpuinfo
[ -e /proc/xen ] && echo 'xen:'`;

/** Processors: names, sockets, cores and threads, counted by Ansible's rules. */
export const readProcessor = (dump: Dump, architecture: string): Facts => {
  const lines = (dump.section('cpuinfo') ?? '').split('\n').filter((line) => line.includes(':'));
  if (lines.length === 0) return {};
  const isXen = lines.includes('xen:') || (dump.file('/sys/hypervisor/type') ?? '') === 'xen';
  const processor: string[] = [];
  const sockets = new Map<string, number>();
  const cores = new Map<string, number>();
  const seen = { vendor_id: 0, 'model name': 0, processor: 0 };
  let isParavirtual = false;
  let physical = '0';
  let core = '0';
  let count = 0;
  let coresGiven: number | undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const key = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    // Paravirtual guests do not show the vme flag, and show processors in another way.
    if (isXen && key === 'flags' && !value.includes('vme')) isParavirtual = true;
    if (nameKeys.has(key)) {
      processor.push(value);
      if (key in seen) seen[key as keyof typeof seen]++;
      count++;
    } else if (key === 'physical id') {
      physical = value;
      if (!sockets.has(value)) sockets.set(value, 1);
    } else if (key === 'core id') {
      core = value;
      // Sockets, not cores, are looked up here by Ansible too.
      if (!sockets.has(value)) cores.set(value, 1);
    } else if (key === 'cpu cores') sockets.set(physical, Number(value));
    else if (key === 'siblings') cores.set(core, Number(value));
    else if (key === '# processors') coresGiven = Number(value);
    else if (key === 'ncpus active') count = Number(value);
  }
  if (seen.vendor_id > 0 && seen.vendor_id === seen['model name']) count = seen.vendor_id;
  if (/^(armv|aarch|ppc)/.test(architecture)) count = seen.processor;
  const facts: Facts = { processor, processor_cores: coresGiven };
  if (architecture === 's390x') return facts;
  if (isParavirtual) {
    return {
      processor,
      processor_count: count,
      processor_cores: count,
      processor_threads_per_core: 1,
      processor_vcpus: count,
    };
  }
  const processorCount = sockets.size || count;
  const perSocket = [...sockets.values()][0] || 1;
  const threads = Math.floor(([...cores.values()][0] ?? 1) / perSocket);
  return {
    ...facts,
    processor_count: processorCount,
    processor_cores: perSocket,
    processor_threads_per_core: threads,
    processor_vcpus: threads * processorCount * perSocket,
    processor_nproc: allowedProcessors(dump) ?? seen.processor,
  };
};

const nameKeys = new Set(['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor']);

/** How many processors the login may use, from a list such as 0-3,8. */
const allowedProcessors = (dump: Dump): number | undefined => {
  const list = dump
    .lines('/proc/self/status')
    .find((line) => line.startsWith('Cpus_allowed_list:'))
    ?.split(/\s+/)[1];
  return list?.split(',').reduce((sum, range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    return sum + (last as number) - first + 1;
  }, 0);
};
