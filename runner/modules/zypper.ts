import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { outputValues } from './shared/commands/decode.ts';
import { managerFailure, runManager, type ToolReply } from './shared/packages/managers/tool.ts';
import { parseZypper, type Solvables } from './shared/packages/managers/zypper-xml.ts';

const specs = {
  name: {
    type: 'list',
    elements: 'str',
    required: true,
    aliases: ['pkg'],
    doc: 'Packages as NAME, NAME=VERSION, +NAME, -NAME, a file or a URL; * for all, with latest or dist-upgrade.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['absent', 'installed', 'latest', 'present', 'removed', 'dist-upgrade'],
    doc: 'Whether they are there; installed and removed mean the same as present and absent.',
  },
  type: {
    type: 'str',
    default: 'package',
    choices: ['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'],
    doc: 'What the names are names of.',
  },
  extra_args_precommand: { type: 'str', doc: 'Options of zypper, to stand in front of the command.' },
  extra_args: { type: 'str', doc: "Options of zypper's command." },
  disable_gpg_check: { type: 'bool', default: false, doc: 'Check no signatures.' },
  disable_recommends: { type: 'bool', default: true, doc: 'Leave out packages that are only recommended.' },
  force: { type: 'bool', default: false, doc: 'Install again, older versions too.' },
  force_resolution: { type: 'bool', default: false, doc: 'Let zypper find a way that it would ask for.' },
  update_cache: { type: 'bool', default: false, aliases: ['refresh'], doc: 'Refresh the repositories first.' },
  oldpackage: { type: 'bool', default: false, doc: 'Allow older versions.' },
  allow_vendor_change: { type: 'bool', default: false, doc: 'With dist-upgrade: allow packages of other vendors.' },
  replacefiles: { type: 'bool', default: false, doc: 'Replace files of other packages.' },
  clean_deps: { type: 'bool', default: false, doc: 'Remove what a removed package needed, too.' },
} as const;

type Arguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'community.general.zypper',
  summary: 'Installs, upgrades and removes packages of SUSE.',
  args: specs,
  returns: {
    name: 'The names, as given.',
    state: 'The state, as given.',
    rc: 'The exit code of zypper.',
    cmd: 'The words of the command, when there was something to do.',
    stdout: 'What zypper said, when something changed.',
    stderr: 'What zypper said on its standard error.',
  },
  notes: ['Compared with Ansible on hosts that have zypper 1.14'],
  supports: { check: 'full', diff: true },

  run: async (args, context) => {
    const names = args.name.filter((name) => name !== '');
    const isAll = names.length === 1 && names[0] === '*';
    if (!isAll && args.state === 'dist-upgrade') throw new ModuleFailure('Can not dist-upgrade specific packages.');
    const runs = await isTransactional(context);
    const zypper = (verb: Verb, words: readonly string[] = [], own: Own = {}): Promise<ToolReply> => {
      const [program, ...rest] = [
        ...(runs ? transactional : []),
        ...commandWords(verb, args, own, context.check),
        ...words,
      ];
      return runManager(program!, rest, context);
    };
    if (args.update_cache && !context.check) {
      const reply = await zypper('refresh');
      if (reply.code !== 0) throw managerFailure('Zypper refresh run failed.', reply, { cmd: reply.words });
    }
    const removes = args.state === 'absent' || args.state === 'removed';
    const done = isAll
      ? args.state === 'latest' || args.state === 'dist-upgrade'
        ? await act(
            zypper,
            args.type === 'patch' ? 'patch' : args.state === 'dist-upgrade' ? 'dist-upgrade' : 'update',
            [],
          )
        : undefined
      : removes
        ? await remove(names, args, zypper)
        : await install(names, args, zypper);
    const told = { name: args.name, state: args.state, update_cache: args.update_cache };
    if (!done) return { ...told, changed: false, rc: 0, ...(context.wantsDiff && { diff: { prepared: '' } }) };
    const { reply, solvables } = done;
    const changed = (reply.code === 0 || reply.code === 102) && solvables.size > 0;
    return {
      ...told,
      changed,
      rc: reply.code,
      cmd: [...reply.words],
      ...(changed && outputValues(reply.stdout, reply.stderr)),
      ...(context.wantsDiff && { diff: { prepared: describe(solvables) } }),
    } satisfies ResultObject;
  },
});

type Verb = 'install' | 'remove' | 'search' | 'update' | 'patch' | 'dist-upgrade' | 'refresh';

interface Own {
  /** A version was named, which may be an older one. */
  readonly allowsOld?: boolean;
}

type Zypper = (verb: Verb, words?: readonly string[], own?: Own) => Promise<ToolReply>;

const transactional = ['transactional-update', '--continue', '--drop-if-no-change', '--quiet', 'run'];

/** Whether the root file system is read-only, and changed by snapshots. */
const isTransactional = async ({ target }: ModuleContext): Promise<boolean> => {
  const { stdout } = await target.run(
    sh`if [ -x /usr/sbin/transactional-update ] && grep -Eq '^[^ ]+ / btrfs ro[, ]' /proc/mounts; then echo yes; fi`,
  );
  return stdout.toString().trim() === 'yes';
};

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

const commandWords = (verb: Verb, args: Arguments, { allowsOld }: Own, check: boolean): string[] => {
  const installs = ['install', 'update', 'patch', 'dist-upgrade'].includes(verb);
  const option = (isGiven: boolean | undefined, name: string): string[] => (isGiven ? [name] : []);
  return [
    ...['zypper', '--quiet', '--non-interactive', '--xmlout'],
    ...words(args.extra_args_precommand),
    ...option((installs || verb === 'refresh') && args.disable_gpg_check, '--no-gpg-checks'),
    ...option(verb === 'search', '--disable-repositories'),
    verb,
    ...(['patch', 'dist-upgrade', 'refresh'].includes(verb) ? [] : ['--type', args.type]),
    ...option(check && verb !== 'search', '--dry-run'),
    ...option(installs, '--auto-agree-with-licenses'),
    ...option(installs && args.disable_recommends, '--no-recommends'),
    ...option(installs && args.force, '--force'),
    ...option(installs && args.force_resolution, '--force-resolution'),
    ...option(installs && (args.oldpackage || allowsOld), '--oldpackage'),
    ...option(installs && args.replacefiles, '--replacefiles'),
    ...option(verb === 'remove' && args.clean_deps, '--clean-deps'),
    ...option(verb === 'dist-upgrade' && args.allow_vendor_change, '--allow-vendor-change'),
    ...words(args.extra_args),
  ];
};

interface Named {
  readonly name: string;
  /** `+` to install, `-` to remove. */
  readonly prefix: string;
  /** With its sign: `>=1.2`. */
  readonly version: string;
}

const readNames = (names: readonly string[], prefix: string): { packages: Named[]; urls: string[] } => {
  const isUrl = (name: string): boolean => name.includes('://') || name.endsWith('.rpm');
  const packages = names
    .filter((name) => !isUrl(name))
    .map((text) => {
      const [, sign = '', name = text, version = ''] =
        /^([-+~!]?)([^~=<>]*(?:~[^=<>]*)?)((?:[<>]?=|[<>]).*)?$/.exec(text) ?? [];
      return { name, prefix: /^[-~!]$/.test(sign) ? '-' : sign === '+' ? '+' : prefix, version };
    });
  return { packages, urls: names.filter(isUrl) };
};

interface Done {
  readonly reply: ToolReply;
  readonly solvables: Solvables;
}

const act = async (zypper: Zypper, verb: Verb, list: readonly string[], own: Own = {}): Promise<Done> => {
  const reply = await zypper(verb, list, own);
  const first = await parseZypper(reply);
  if (reply.code !== 103) return { reply, solvables: first };
  // It has changed itself, and wants to be started again for the rest.
  const again = await zypper(verb, list, own);
  return { reply: again, solvables: new Map([...first, ...(await parseZypper(again))]) };
};

const installed = async (packages: readonly Named[], zypper: Zypper): Promise<ReadonlySet<string>> => {
  if (packages.length === 0) return new Set();
  const search = ['--match-exact', '--details', '--installed-only', ...packages.map(({ name }) => name)];
  const reply = await zypper('search', search);
  return reply.code === 104 ? new Set() : new Set((await parseZypper(reply)).keys());
};

const install = async (names: readonly string[], args: Arguments, zypper: Zypper): Promise<Done | undefined> => {
  const { packages, urls } = readNames(names, '+');
  let wanted = packages;
  if (args.state !== 'latest') {
    const plain = packages.filter(({ version }) => version === '');
    const present = await installed(plain, zypper);
    wanted = packages.filter(({ name, prefix }) => (prefix === '+') !== present.has(name));
  }
  if (wanted.length === 0 && urls.length === 0) return undefined;
  const list = ['--', ...urls, ...wanted.map(({ name, prefix, version }) => `${prefix}${name}${version}`)];
  return act(zypper, 'install', list, { allowsOld: packages.some(({ version }) => version !== '') });
};

const remove = async (names: readonly string[], args: Arguments, zypper: Zypper): Promise<Done | undefined> => {
  const { packages, urls } = readNames(names, '-');
  if (packages.some(({ prefix }) => prefix === '+')) {
    throw new ModuleFailure("Can not combine '+' prefix with state=remove/absent.");
  }
  if (urls.length > 0) throw new ModuleFailure('Can not remove via URL.');
  if (args.type === 'patch') throw new ModuleFailure('Can not remove patches.');
  const present = await installed(packages, zypper);
  const wanted = packages.filter(({ name }) => present.has(name));
  if (wanted.length === 0) return undefined;
  return act(
    zypper,
    'remove',
    wanted.map(({ name, version }) => name + version),
  );
};

/** What changes, for --diff. */
const describe = (solvables: Solvables): string => {
  const groups: Readonly<Record<string, string>> = {
    'to-install': 'installed',
    'to-remove': 'removed',
    'to-upgrade': 'upgraded',
  };
  return Object.entries(groups)
    .map(([group, word]) => {
      const list = [...solvables].filter(([, solvable]) => solvable.group === group);
      const names = list.map(([name, { version, before }]) =>
        group === 'to-upgrade' ? `${name} (${before} => ${version})` : name,
      );
      return names.length > 0 ? `${word}: ${names.join(', ')}\n` : '';
    })
    .join('');
};
