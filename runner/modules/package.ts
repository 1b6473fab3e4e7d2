import { sh, type Target } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import { type Controller, defineAction, type ResultObject } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.package',
  summary: "Installs and removes packages by whatever the host's package manager is.",
  args: {
    name: { type: 'raw', doc: 'Packages, by the names that they have there.' },
    state: { type: 'str', doc: 'present, absent, latest, or what else the package manager knows.' },
    use: { type: 'str', doc: "The package manager's module; found out unless given.", default: 'auto' },
  },
  takesAnyArgument: true,
  returns: { changed: 'And whatever the module of the package manager returns.' },
  supports: { check: 'full', diff: true },

  run: async ({ name, state, use }, context, extra) => {
    const manager = use !== 'auto' ? use : (knownManager(context.controller) ?? (await findManager(context.target)));
    if (manager === undefined) {
      throw new ModuleFailure(
        'Could not detect which package manager to use. Try gathering facts or setting the "use" option.',
      );
    }
    const others = Object.fromEntries([...extra].map(([key, value]) => [toText(key), value])) as ResultObject;
    return context.run(moduleOf(manager), {
      ...others,
      ...(name !== undefined && { name }),
      ...(state !== undefined && { state }),
    });
  },
});

const moduleOf = (manager: string): string => {
  if (manager.includes('.')) return manager;
  const others = new Set(['apk', 'pacman', 'zypper', 'pkgng', 'xbps', 'portage', 'opkg', 'homebrew', 'swupd', 'urpmi']);
  if (others.has(manager)) return `community.general.${manager}`;
  return `ansible.builtin.${manager === 'dnf5' ? 'dnf' : manager}`;
};

/** What gathered facts say. */
const knownManager = (controller: Controller): string | undefined => {
  const facts = controller.variable('ansible_facts');
  const known = (facts instanceof Map ? facts.get('pkg_mgr') : undefined) ?? controller.variable('ansible_pkg_mgr');
  return typeof known === 'string' && known !== 'unknown' ? known : undefined;
};

const managers = [
  ['apt-get', 'apt'],
  ['dnf', 'dnf'],
  ['microdnf', 'dnf'],
  ['yum', 'yum'],
  ['zypper', 'zypper'],
  ['apk', 'apk'],
  ['pacman', 'pacman'],
  ['xbps-install', 'xbps'],
  ['emerge', 'portage'],
  ['opkg', 'opkg'],
  ['swupd', 'swupd'],
  ['pkg', 'pkgng'],
  ['brew', 'homebrew'],
] as const;

const findManager = async (target: Target): Promise<string | undefined> => {
  const { stdout } = await target.run(
    // A Red Hat host may have apt-get as well, and a Debian one dnf: there the own one counts.
    sh`if [ -e /etc/redhat-release ]; then for m_t in dnf microdnf yum; do if command -v $m_t >/dev/null; then echo $m_t; exit; fi; done; fi
for m_t in ${managers.map(([tool]) => tool)}; do if command -v "$m_t" >/dev/null; then echo "$m_t"; exit; fi; done`,
  );
  const tool = stdout.toString().trim();
  return managers.find(([name]) => name === tool)?.[1];
};
