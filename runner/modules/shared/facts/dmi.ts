import type { Facts } from './collector.ts';
import type { Dump } from './dump.ts';

export const dmiFolder = '/sys/devices/virtual/dmi/id';

// Fact, file of the kernel's table, keyword of dmidecode.
const fields: readonly (readonly [fact: string, file: string, keyword: string])[] = [
  ['bios_date', 'bios_date', 'bios-release-date'],
  ['bios_vendor', 'bios_vendor', 'bios-vendor'],
  ['bios_version', 'bios_version', 'bios-version'],
  ['board_asset_tag', 'board_asset_tag', 'baseboard-asset-tag'],
  ['board_name', 'board_name', 'baseboard-product-name'],
  ['board_serial', 'board_serial', 'baseboard-serial-number'],
  ['board_vendor', 'board_vendor', 'baseboard-manufacturer'],
  ['board_version', 'board_version', 'baseboard-version'],
  ['chassis_asset_tag', 'chassis_asset_tag', 'chassis-asset-tag'],
  ['chassis_serial', 'chassis_serial', 'chassis-serial-number'],
  ['chassis_vendor', 'chassis_vendor', 'chassis-manufacturer'],
  ['chassis_version', 'chassis_version', 'chassis-version'],
  ['form_factor', 'chassis_type', 'chassis-type'],
  ['product_name', 'product_name', 'system-product-name'],
  ['product_serial', 'product_serial', 'system-serial-number'],
  ['product_uuid', 'product_uuid', 'system-uuid'],
  ['product_version', 'product_version', 'system-version'],
  ['system_vendor', 'sys_vendor', 'system-manufacturer'],
];

// Chassis types of the SMBIOS specification, by number.
const formFactors =
  'Unknown,Other,Unknown,Desktop,Low Profile Desktop,Pizza Box,Mini Tower,Tower,Portable,Laptop,Notebook,Hand Held,Docking Station,All In One,Sub Notebook,Space-saving,Lunch Box,Main Server Chassis,Expansion Chassis,Sub Chassis,Bus Expansion Chassis,Peripheral Chassis,RAID Chassis,Rack Mount Chassis,Sealed-case PC,Multi-system,CompactPCI,AdvancedTCA,Blade,Blade Enclosure,Tablet,Convertible,Detachable,IoT Gateway,Embedded PC,Mini PC,Stick PC'.split(
    ',',
  );

export const dmiFiles = [...fields.map(([, file]) => `${dmiFolder}/${file}`), `${dmiFolder}/product_family`];

/** Asks dmidecode, only where the kernel has no table of its own. */
export const dmidecodeScript = (mark: (name: string) => string): string =>
  `[ -e ${dmiFolder}/product_name ] || { command -v dmidecode >/dev/null && for m_key in ${fields
    .map(([, , keyword]) => keyword)
    .join(' ')}; do ${mark('dmidecode $m_key')}; dmidecode -s "$m_key" 2>/dev/null || echo NA; done; }`;

/** What the machine's maker says of it, NA where it says nothing. */
export const readDmi = (dump: Dump): Facts => {
  const facts: Facts = {};
  const hasTable = dump.exists(`${dmiFolder}/product_name`);
  for (const [fact, file, keyword] of fields) {
    const value = hasTable ? dump.file(`${dmiFolder}/${file}`) : decoded(dump, keyword);
    facts[fact] = value === undefined ? 'NA' : hasTable && fact === 'form_factor' ? formFactor(value) : value;
  }
  return facts;
};

const decoded = (dump: Dump, keyword: string): string | undefined =>
  dump
    .section(`dmidecode ${keyword}`)
    ?.split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('');

const formFactor = (number: string): string => formFactors[Number(number)] ?? `unknown (${number})`;
