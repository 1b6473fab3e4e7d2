import { ModuleFailure } from '../errors/index.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import {
  type AptArguments,
  aptArguments,
  cacheValues,
  checkPackageNames,
  cleanDownloads,
  cleanUp,
  installDebFiles,
  installPackages,
  probeApt,
  removePackages,
  upgradeHost,
  wantsUpdate,
} from './shared/packages/apt/index.ts';

export default defineAction({
  name: 'ansible.builtin.apt',
  summary: 'Installs, upgrades and removes packages of Debian and its relatives.',
  args: aptArguments,
  mutuallyExclusive: [['deb', 'name', 'upgrade']],
  returns: {
    cache_updated: 'Whether the package lists were read anew.',
    cache_update_time: 'When they were read last, in seconds since 1970.',
    stdout: 'What apt-get said.',
    stdout_lines: 'The same, a line an item.',
    stderr: 'What apt-get said on its standard error.',
    stderr_lines: 'The same, a line an item.',
    msg: "apt's output, after an upgrade.",
    rc: "apt's exit code, when it failed.",
    diff: 'What apt prepared to do.',
  },
  supports: { check: 'full', diff: true },

  run: async (args, context) => {
    const upgrade = args.upgrade === 'no' ? undefined : args.upgrade;
    const hasWork = (args.name?.length ?? 0) > 0 || upgrade !== undefined || args.deb !== undefined;
    if (args.clean) {
      const cleaned = await cleanDownloads(args, context);
      if (!hasWork) return cleaned;
    }
    if (args.deb !== undefined && args.state !== 'present') throw new ModuleFailure('deb only supports state=present');
    const named = (args.name ?? []).map((text) => text.trim());
    const packages = named.filter((text) => text !== '*');
    checkPackageNames(packages);
    const isWholeHost = args.state === 'latest' && named.includes('*');
    if (isWholeHost && packages.length > 0) {
      throw new ModuleFailure('unable to install additional packages when upgrading all installed packages');
    }
    if (args.deb !== undefined && !wantsUpdate(args)) return installDeb(args.deb, args, context);
    const state = await probeApt(args, packages, context);
    const cache = cacheValues(state.cache, context.check);
    if (!hasWork && wantsUpdate(args)) return { changed: cache.cache_updated, ...cache };
    if (upgrade !== undefined) return upgradeHost(upgrade, state.hasAptitude, args, context);
    if (args.deb !== undefined) return installDeb(args.deb, args, context);
    if (isWholeHost) return upgradeHost('yes', state.hasAptitude, args, context);
    if (packages.length === 0 && args.autoclean) return cleanUp('autoclean', args, context);
    if (packages.length === 0 && args.autoremove) return cleanUp('autoremove', args, context);
    if (args.state === 'absent') return removePackages(packages, state, args, context);
    return { ...(await installPackages(packages, state, args, context)), ...cache };
  },
});

const installDeb = async (deb: string, args: AptArguments, context: ModuleContext): Promise<ResultObject> => {
  const paths: string[] = [];
  for (const [index, source] of deb.split(',').entries()) {
    if (!source.includes('://')) {
      paths.push(source);
      continue;
    }
    const path = `${await context.target.temporaryDirectory()}/${index}-${source.split(/[?#]/)[0]!.split('/').at(-1)}`;
    await context.run('ansible.builtin.get_url', { url: source, dest: path, force: true });
    paths.push(path);
  }
  return installDebFiles(paths, args, context);
};
