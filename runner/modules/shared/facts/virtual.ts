import type { Collector, Facts } from './collector.ts';
import { dmiFiles, dmiFolder } from './dmi.ts';
import type { Dump } from './dump.ts';
import { processorScript } from './processor.ts';

/** What is known so far: all technologies that were met, and the first one that decided type and role. */
class Findings {
  readonly guest = new Set<string>();
  readonly host = new Set<string>();
  type: string | undefined;
  role: string | undefined;
  isDecided = false;

  isGuest(technology: string, type: string = technology): void {
    this.guest.add(technology);
    this.decide(type, 'guest');
  }

  isHost(technology: string): void {
    this.host.add(technology);
    this.decide(technology, 'host');
  }

  decide(type: string, role: string): void {
    if (this.isDecided) return;
    this.type = type;
    this.role = role;
    this.isDecided = true;
  }
}

export const virtual: Collector = {
  name: 'virtual',
  factNames: ['virtualization_role', 'virtualization_tech_guest', 'virtualization_tech_host', 'virtualization_type'],
  files: ['/proc/1/cgroup', '/run/systemd/container', '/proc/xen/capabilities', '/proc/self/status', ...dmiFiles],
  exists: ['/proc/xen', '/proc/vz', '/proc/lve', '/proc/bc', '/.dockerenv', '/.dockerinit', '/dev/kvm', '/rhev'],
  quick: ({ mark }) => [
    processorScript(mark('cpuinfo')),
    `[ -r /proc/1/environ ] && { ${mark('init environ')}; cat /proc/1/environ 2>/dev/null; }`,
    `${mark('modules')}; grep -sE '^(kvm|vboxdrv|virtio) ' /proc/modules`,
    `[ -d /rhev ] && { ${mark('vdsm')}; cat /proc/[0-9]*/comm 2>/dev/null | grep -xE 'vdsmd?'; }`,
  ],
  slow: ({ mark }) => [
    `command -v dmidecode >/dev/null && { ${mark('dmi product')}; dmidecode -s system-product-name 2>/dev/null; }`,
    `grep -qs IBM/S390 /proc/cpuinfo && command -v lscpu >/dev/null && { ${mark('lscpu')}; lscpu; }`,
  ],
  read: (dump) => {
    const findings = new Findings();
    fromContainers(dump, findings);
    fromFirmware(dump, findings);
    fromProcessor(dump, findings);
    fromModules(dump, findings);
    fromProductName(dump, findings);
    if (dump.exists('/dev/kvm')) findings.isHost('kvm');
    if (!findings.isDecided) findings.decide('NA', 'NA');
    return {
      virtualization_type: findings.type,
      virtualization_role: findings.role,
      virtualization_tech_guest: [...findings.guest],
      virtualization_tech_host: [...findings.host],
    } satisfies Facts;
  },
};

const fromContainers = (dump: Dump, findings: Findings): void => {
  for (const line of dump.lines('/proc/1/cgroup')) {
    if (/\/docker(\/|-[0-9a-f]+\.scope)/.test(line)) findings.isGuest('docker');
    if (/\/lxc\/|\/machine.slice\/machine-lxc/.test(line)) findings.isGuest('lxc');
    if (/\/system.slice\/containerd.service/.test(line)) findings.isGuest('containerd');
  }
  for (const line of (dump.section('init environ') ?? '').split('\0')) {
    if (line.includes('container=lxc')) findings.isGuest('lxc');
    if (line.includes('container=podman')) findings.isGuest('podman');
    if (/^container=./.test(line)) findings.isGuest('container');
  }
  if (dump.exists('/proc/vz') && !dump.exists('/proc/lve')) {
    const isHost = dump.exists('/proc/bc');
    (isHost ? findings.host : findings.guest).add('openvz');
    // OpenVZ overrides the type that was found before, though not the role.
    findings.decide('openvz', isHost ? 'host' : 'guest');
    findings.type = 'openvz';
  }
  const container = dump.file('/run/systemd/container');
  if (container !== undefined) findings.isGuest(container);
  if (dump.exists('/.dockerenv') || dump.exists('/.dockerinit')) findings.isGuest('docker');
  const containers = ['docker', 'lxc', 'podman', 'openvz', 'containerd'];
  if (container !== undefined || containers.some((name) => findings.guest.has(name))) findings.guest.add('container');
  if (!dump.exists('/proc/xen')) return;
  if (dump.lines('/proc/xen/capabilities').some((line) => line.includes('control_d'))) findings.isHost('xen');
  else findings.decide('xen', 'guest');
};

// What firmware says of itself: which field, which texts, what it means.
const firmware: readonly (readonly [field: 'product' | 'vendor' | 'bios', texts: readonly string[], type: string])[] = [
  ['product', ['KVM', 'KVM Server', 'Bochs', 'AHV'], 'kvm'],
  ['vendor', ['oVirt'], 'oVirt'],
  ['product', ['VMware Virtual Platform', 'VMware7,1'], 'VMware'],
  ['product', ['OpenStack Compute', 'OpenStack Nova'], 'openstack'],
  ['bios', ['Xen'], 'xen'],
  ['bios', ['innotek GmbH'], 'virtualbox'],
  ['bios', ['Amazon EC2', 'DigitalOcean', 'Hetzner'], 'kvm'],
  ['vendor', ['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix'], 'kvm'],
  ['vendor', ['KubeVirt'], 'KubeVirt'],
  ['vendor', ['Microsoft Corporation'], 'VirtualPC'],
  ['vendor', ['Parallels Software International Inc.'], 'parallels'],
  ['vendor', ['OpenStack Foundation'], 'openstack'],
];

const fromFirmware = (dump: Dump, findings: Findings): void => {
  const read = (name: string): string | undefined => dump.file(`${dmiFolder}/${name}`);
  const texts = { product: read('product_name'), vendor: read('sys_vendor'), bios: read('bios_vendor') };
  const isRhv = texts.vendor === 'Red Hat' && read('product_family') === 'RHV';
  for (const [field, candidates, type] of firmware) {
    const text = texts[field];
    if (text !== undefined && candidates.includes(text)) findings.isGuest(type);
    if (type !== 'oVirt' || texts.vendor !== 'Red Hat') continue;
    if (isRhv) findings.isGuest('RHV');
    else if (texts.product === 'RHEV Hypervisor') findings.isGuest('RHEV');
  }
};

const fromProcessor = (dump: Dump, findings: Findings): void => {
  const context = dump.lines('/proc/self/status').find((line) => /^VxID:\s+\d+/.test(line));
  if (context !== undefined) {
    if (/^VxID:\s+0/.test(context)) findings.isHost('linux_vserver');
    else findings.isGuest('linux_vserver');
  }
  for (const line of (dump.section('cpuinfo') ?? '').split('\n')) {
    if (/^model name.*QEMU Virtual CPU/.test(line)) findings.isGuest('kvm');
    else if (/^vendor_id.*User Mode Linux|^model name.*UML/.test(line)) findings.isGuest('uml');
    else if (/^machine.*CHRP IBM pSeries .emulated by qemu./.test(line)) findings.isGuest('kvm');
    else if (/^vendor_id.*PowerVM Lx86/.test(line)) findings.isGuest('powervm_lx86');
    else if (/^vendor_id.*IBM\/S390/.test(line)) {
      findings.guest.add('PR/SM');
      const hypervisor = /^Hypervisor:\s*(.*)$/m.exec(dump.section('lscpu') ?? '')?.[1];
      if (hypervisor !== undefined) findings.guest.add(hypervisor);
      findings.decide(hypervisor ?? 'PR/SM', hypervisor === undefined ? 'LPAR' : 'guest');
    }
  }
};

const fromModules = (dump: Dump, findings: Findings): void => {
  const modules = (dump.section('modules') ?? '').split('\n').map((line) => line.split(' ')[0]);
  if (modules.includes('kvm')) {
    findings.isHost('kvm');
    if ((dump.section('vdsm') ?? '').trim() !== '') findings.host.add('RHEV');
  }
  if (modules.includes('vboxdrv')) findings.isHost('virtualbox');
  if (modules.includes('virtio')) {
    findings.host.add('kvm');
    findings.decide('kvm', 'guest');
  }
};

const fromProductName = (dump: Dump, findings: Findings): void => {
  const product = (dump.section('dmi product') ?? '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('')
    .trim();
  if (product.startsWith('VMware')) findings.isGuest('VMware');
  if (product.includes('BHYVE')) findings.isGuest('bhyve');
};
