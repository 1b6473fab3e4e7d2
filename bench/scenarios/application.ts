import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Text of about a kB, without anything that a shell or a template would read. */
const staticText = (index: number): string =>
  numbers(25)
    .map((line) => `setting_${index}_${line} = a value of the usual length, number ${index * 25 + line}\n`)
    .join('');

// The five kinds of lines that a template of 50 lines has, and what they come to: `$1` is the host's name.
const templateLines: readonly ((line: number) => { source: string; shell: string })[] = [
  (line) => ({ source: `[{{ service }}-${line}]`, shell: `[billing-${line}]` }),
  (line) => ({ source: `host_${line} = {{ inventory_hostname | upper }}`, shell: `host_${line} = $upper` }),
  (line) => ({ source: `port_${line} = {{ port_base + ${line} }}`, shell: `port_${line} = ${9000 + line}` }),
  (line) => ({
    source: `mode_${line} = {{ 'main' if inventory_hostname == ansible_play_hosts_all[0] else 'spare' }}`,
    shell: `mode_${line} = $mode`,
  }),
  (line) => ({ source: `kernel_${line} = {{ ansible_facts.kernel }}`, shell: `kernel_${line} = $kernel` }),
];

const template = (index: number, kind: 'source' | 'shell'): string =>
  numbers(50)
    .map((line) => `${templateLines[line % templateLines.length]!(index * 50 + line)[kind]}\n`)
    .join('');

/** Writes the playbook of S1 with its files and templates; gives the playbook's path. */
export const writeApplication = (directory: string): string => {
  for (const folder of ['files', 'templates']) mkdirSync(join(directory, folder), { recursive: true });
  for (const index of numbers(10)) writeFileSync(join(directory, 'files', `static-${index}.conf`), staticText(index));
  for (const index of numbers(5)) {
    writeFileSync(join(directory, 'templates', `service-${index}.conf.j2`), template(index, 'source'));
  }
  const playbook = join(directory, 'playbook.yml');
  copyFileSync(new URL('./s1/playbook.yml', import.meta.url), playbook);
  return playbook;
};

/** How many items the playbook has for a host, facts included. */
export const applicationItems = 50;

/** The script that does the same with as few programs as there are things to do: `$1` is the host, `$2` its directory. */
export const applicationScript = (firstHost: string): string => `set -eu
kernel=$(uname -r)
upper=$(printf %s "$1" | tr a-z A-Z)
[ "$1" = ${firstHost} ] && mode=main || mode=spare
line() {
  grep -qx "$1" limits.conf || printf '%s\\n' "$1" >>limits.conf
}
app=$2/app
mkdir -p "$app"
cd "$app"
umask 022
mkdir -p bin conf data lib log queue run share spool tmp
chmod 755 .
chmod 750 bin conf data lib log queue run share spool tmp
cd conf
${numbers(10)
  .map((index) => `cat >static-${index}.conf <<'END'\n${staticText(index)}END\n`)
  .join('')}${numbers(5)
  .map((index) => `cat >service-${index}.conf <<END\n${template(index, 'shell')}END\n`)
  .join('')}touch limits.conf
chmod 600 limits.conf
chmod 644 static-*.conf
chmod 640 service-*.conf
line 'nofile = 4096'
line 'nproc = 512'
line 'core = 0'
line 'stack = 8192'
line 'fsize = 1000000'
for number in 0 1 2 3 4 5 6 7 8 9; do
  touch "$app/run/c$number"
done
cd ..
ls run | sort -r >run-list
found=0
for number in 0 1 2 3 4; do
  stat -c %a conf/service-$number.conf >/dev/null && found=$((found + 1))
done
[ $found = 5 ]
`;
