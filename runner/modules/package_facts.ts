import { raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { Result, Value } from '../values/index.ts';
import { defineAction } from './define.ts';
import { type Answer, ask, went } from './shared/ask.ts';
import {
  type InstalledPackage,
  readApk,
  readApt,
  readPacman,
  readPortage,
  readRpm,
} from './shared/facts/installed-packages.ts';

interface Manager {
  /** Lists what is installed; fails where the manager is not there. */
  readonly list: Script;
  readonly read: (output: string) => InstalledPackage[];
}

// In the order in which `auto` tries them.
const managers: Readonly<Record<string, Manager>> = {
  apt: {
    list: sh`command -v dpkg-query >/dev/null || exit
dpkg --print-architecture
dpkg-query -W -f '\${Status}\t\${Package}\t\${Version}\t\${Architecture}\t\${Section}\n' || exit
command -v apt-cache >/dev/null || exit 0
echo .; apt-cache policy
echo .; dpkg-query -W -f '\${binary:Package}\n' | xargs apt-cache policy; exit 0`,
    read: readApt,
  },
  rpm: {
    list: sh`command -v rpm >/dev/null && rpm -qa --qf '%{NAME}\t%{VERSION}\t%{RELEASE}\t%{EPOCH}\t%{ARCH}\n'`,
    read: readRpm,
  },
  pacman: { list: sh`command -v pacman >/dev/null && pacman -Qi`, read: readPacman },
  apk: { list: sh`command -v apk >/dev/null && apk info -v 2>/dev/null`, read: readApk },
  portage: { list: sh`command -v qlist >/dev/null && qlist -Iv | xargs -n 1024 qatom`, read: readPortage },
};

export default defineAction({
  name: 'ansible.builtin.package_facts',
  summary: 'Lists the installed packages of a host as facts.',
  args: {
    manager: {
      type: 'list',
      elements: 'str',
      default: ['auto'],
      doc: 'Which package managers to ask: auto, apt, rpm, pacman, apk, portage.',
    },
    strategy: {
      type: 'str',
      choices: ['first', 'all'],
      default: 'first',
      doc: 'Ask the first one that the host has, or all of them.',
    },
  },
  returns: { ansible_facts: 'A dictionary `packages`: a list of versions by name.' },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const asked = args.manager.map((name) => name.toLowerCase());
    const names = [
      ...new Set([
        ...asked.filter((name) => name !== 'auto'),
        ...(asked.includes('auto') ? Object.keys(managers) : []),
      ]),
    ];
    const unknown = names.filter((name) => !Object.hasOwn(managers, name));
    if (unknown.length > 0) throw new ModuleFailure(`Unsupported package managers requested: ${unknown.join(', ')}`);

    const first = args.strategy === 'first';
    const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(
      context,
      Object.fromEntries(
        names.map((name, index) => {
          // Those after one that answered need not be asked.
          const earlier = names
            .slice(0, first ? index : 0)
            .map((other) => sh`[ ${raw(`"$m_code_${other}"`)} = 0 ] && exit 1\n`);
          return [name, sh`${earlier}${managers[name]!.list}`];
        }),
      ),
    );
    const packages = new Map<string, Value[]>();
    let found = 0;
    for (const name of names) {
      const answer = answers[name];
      if (!went(answer) || (first && found > 0)) continue;
      found++;
      for (const one of managers[name]!.read(answer!.stdout)) {
        const entry = new Map<Value, Value>(Object.entries({ ...one, source: name } as Record<string, Value>));
        packages.set(one.name, [...(packages.get(one.name) ?? []), entry]);
      }
    }
    if (found === 0) {
      throw new ModuleFailure(
        `Could not detect a supported package manager from the following list: [${names.map((name) => `'${name}'`).join(', ')}], or the required Python library is not installed. Check warnings for details.`,
      );
    }
    return { ansible_facts: { packages: packages as unknown as Result }, changed: false };
  },
});
