import type { Facts } from './collector.ts';
import type { Dump } from './dump.ts';

const options = '--noheadings --nosuffix --units g --separator ,';

/** Volume groups, logical and physical volumes; only root may ask. */
export const lvmScript = (mark: (name: string) => string): string =>
  `[ "$(id -u)" = 0 ] && command -v vgs >/dev/null && {
${mark('vgs')}; vgs ${options} 2>/dev/null
${mark('lvs')}; lvs ${options} 2>/dev/null
${mark('pvs')}; pvs ${options} 2>/dev/null
}`;

/** `ansible_lvm`: volume groups, logical and physical volumes with their sizes in GB. */
export const readLvm = (dump: Dump): Facts => {
  if (dump.section('vgs') === undefined) return { lvm: 'N/A' };
  const vgs: Facts = {};
  for (const items of rows(dump, 'vgs')) {
    vgs[items[0]!] = { size_g: items.at(-2), free_g: items.at(-1), num_lvs: items[2], num_pvs: items[1] };
  }
  const lvs: Facts = {};
  for (const items of rows(dump, 'lvs')) lvs[items[0]!] = { size_g: items[3], vg: items[1] };
  const pvs: Facts = {};
  for (const items of rows(dump, 'pvs')) {
    pvs[mapperName(dump, items[0]!)] = { size_g: items[4], free_g: items[5], vg: items[1] };
  }
  return { lvm: { lvs, vgs, pvs } };
};

const rows = (dump: Dump, command: string): string[][] =>
  (dump.section(command) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(','));

const mapperName = (dump: Dump, device: string): string => {
  const name = device.startsWith('/dev/dm-') ? dump.file(`/sys/block/${device.slice(5)}/dm/name`) : undefined;
  return name === undefined ? device : `/dev/mapper/${name}`;
};
