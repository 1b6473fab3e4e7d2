import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { outputValues } from './shared/commands/decode.ts';
import { splitWords } from './shared/commands/shlex.ts';
import { type Inventory, readInventory } from './shared/packages/managers/pacman-inventory.ts';
import {
  linesOf,
  managerFailure,
  managerReturns,
  managerRules,
  runManager,
  type ToolReply,
} from './shared/packages/managers/tool.ts';

const specs = {
  name: {
    type: 'list',
    elements: 'str',
    aliases: ['pkg', 'package'],
    doc: 'Packages, groups of them, REPOSITORY/NAME, files or URLs.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['present', 'installed', 'latest', 'absent', 'removed'],
    doc: 'Whether they are there; installed and removed mean the same as present and absent.',
  },
  force: { type: 'bool', default: false, doc: 'Remove without a look at what needs it; refresh in any case.' },
  remove_nosave: { type: 'bool', default: false, doc: 'Keep no copies of configuration files.' },
  executable: { type: 'str', default: 'pacman', doc: 'The program: pacman, or one that takes the same options.' },
  extra_args: { type: 'str', default: '', doc: 'Further options for installing and removing.' },
  update_cache: { type: 'bool', doc: 'Refresh the databases of packages first.' },
  update_cache_extra_args: { type: 'str', default: '', doc: 'Further options for that.' },
  upgrade: { type: 'bool', doc: 'Upgrade all packages.' },
  upgrade_extra_args: { type: 'str', default: '', doc: 'Further options for that.' },
  reason: { type: 'str', choices: ['explicit', 'dependency'], doc: 'Why packages count as installed.' },
  reason_for: { type: 'str', default: 'new', choices: ['new', 'all'], doc: 'For which packages reason is set.' },
} as const;

type Arguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'community.general.pacman',
  summary: 'Installs, upgrades and removes packages of Arch Linux.',
  args: specs,
  ...managerRules,
  returns: {
    ...managerReturns('pacman'),
    cache_updated: 'Whether the databases changed, with update_cache.',
  },
  notes: ['Compared with Ansible on hosts that have pacman 6.0'],
  supports: { check: 'full', diff: true },

  run: async (args, context) => {
    const work = new Work(args, context);
    if (args.update_cache) {
      await work.refresh();
      if (!args.name?.length && !args.upgrade) return work.result();
    }
    const inventory = await readInventory(args.executable, context);
    if (args.upgrade) await work.upgrade(inventory);
    else if (args.state === 'absent' || args.state === 'removed') await work.remove(inventory);
    else await work.install(inventory);
    return work.result();
  },
});

interface Package {
  readonly name: string;
  /** How it is named to pacman. */
  readonly source: string;
  readonly isFile: boolean;
}

/** One run of the module, with what comes of it. */
class Work {
  readonly #args: Arguments;
  readonly #context: ModuleContext;
  readonly #said: string[] = [];
  readonly #replies: ToolReply[] = [];
  readonly #more: ResultObject = {};
  #changed = false;

  constructor(args: Arguments, context: ModuleContext) {
    this.#args = args;
    this.#context = context;
  }

  result(): ResultObject {
    const text = (name: 'stdout' | 'stderr'): string =>
      this.#replies
        .map((reply) => reply[name])
        .filter((output) => output !== '')
        .join('\n');
    const [stdout, stderr] = [text('stdout'), text('stderr')];
    const outputs = outputValues(stdout, stderr);
    return {
      changed: this.#changed,
      msg: this.#said.join('\n'),
      ...(stdout !== '' && { stdout, stdout_lines: outputs.stdout_lines }),
      ...(stderr !== '' && { stderr, stderr_lines: outputs.stderr_lines }),
      ...this.#more,
    };
  }

  async refresh(): Promise<void> {
    const { force, update_cache_extra_args: extra } = this.#args;
    if (this.#context.check) {
      this.#finish('Would have updated the package db', { cache_updated: true });
      return;
    }
    const list = async (): Promise<string> =>
      linesOf((await this.#run(['--sync', '--list'])).stdout)
        .sort()
        .join('\n');
    const before = force ? undefined : await list();
    const words = ['--sync', '--refresh', ...splitWords(extra), ...(force ? ['--refresh'] : [])];
    this.#replies.push(await this.#mustGo(words, 'could not update package db'));
    const isNew = before === undefined || before !== (await list());
    this.#said.push('Updated package db');
    this.#more.cache_updated = isNew;
    this.#changed ||= isNew;
  }

  async upgrade({ upgradable }: Inventory): Promise<void> {
    if (upgradable.size === 0) {
      this.#said.push('Nothing to upgrade');
      return;
    }
    const list = (side: 'current' | 'latest'): string =>
      [...upgradable].map(([name, versions]) => `${name}-${versions[side]}\n`).join('');
    this.#diff(list('current'), list('latest'));
    this.#more.packages = [...upgradable.keys()];
    if (this.#context.check) {
      this.#finish(`${upgradable.size} packages would have been upgraded`);
      return;
    }
    const words = ['--sync', '--sysupgrade', '--quiet', '--noconfirm', ...splitWords(this.#args.upgrade_extra_args)];
    this.#replies.push(await this.#mustGo(words, 'Could not upgrade'));
    this.#finish('System upgraded');
  }

  async remove(inventory: Inventory): Promise<void> {
    const present = (await this.#packages(inventory, true)).filter(({ name }) => inventory.installed.has(name));
    if (present.length === 0) {
      this.#said.push('package(s) already absent');
      this.#more.packages = [];
      return;
    }
    const { extra_args: extra, force, remove_nosave: nosave } = this.#args;
    const names = present.map(({ name }) => name);
    const base = [
      ...['--remove', '--noconfirm', '--noprogressbar'],
      ...splitWords(extra),
      ...(force ? ['--nodeps', '--nodeps'] : []),
    ];
    const listed = await this.#mustGo(
      [...base, '--print-format', '%n-%v', ...names],
      'failed to list package(s) to remove',
    );
    const removed = linesOf(listed.stdout);
    this.#more.packages = removed;
    this.#diff(removed.map((name) => `${name}\n`).join(''), '');
    if (this.#context.check) {
      this.#finish(`Would have removed ${removed.length} packages`);
      return;
    }
    const words = [...base, ...(nosave ? ['--nosave'] : []), ...names];
    this.#replies.push(await this.#mustGo(words, 'failed to remove package(s)'));
    this.#finish(`Removed ${removed.length} package(s)`);
  }

  async install(inventory: Inventory): Promise<void> {
    const { state, reason, reason_for: which, extra_args: extra } = this.#args;
    const packages = await this.#packages(inventory, false);
    const isWrong = (name: string): boolean =>
      !inventory.reasons.has(name) || (which === 'all' && inventory.reasons.get(name) !== reason);
    const explained = reason === undefined ? [] : packages.map(({ name }) => name).filter(isWrong);
    const files = packages.filter(({ isFile }) => isFile);
    const wanted = packages.filter(
      ({ name, isFile }) =>
        !isFile && (!inventory.installed.has(name) || (state === 'latest' && inventory.upgradable.has(name))),
    );
    const base = ['--noconfirm', '--noprogressbar', '--needed', ...splitWords(extra)];
    const parts = [
      ['--sync', wanted],
      ['--upgrade', files],
    ] as const;
    const [before, after, names]: [string[], string[], string[]] = [[], [], []];
    for (const [verb, list] of parts) {
      if (list.length === 0) continue;
      const words = [...base, verb, '--print-format', '%n %v', ...list.map(({ source }) => source)];
      const { stdout } = await this.#mustGo(words, 'Failed to list package(s) to install');
      for (const line of linesOf(stdout)) {
        if (line.includes('loading packages') || line.includes('there is nothing to do')) continue;
        const [name = '', version = ''] = line.split(/\s+/);
        const known = inventory.reasons.get(name);
        if (inventory.installed.has(name)) before.push(`${name}-${inventory.installed.get(name)}-${known}`);
        const why = explained.includes(name) ? reason : known;
        after.push(why === undefined ? `${name}-${version}` : `${name}-${version}-${why}`);
        names.push(name);
      }
    }
    const only = explained.filter((name) => !names.includes(name));
    if (names.length === 0 && explained.length === 0) {
      this.#said.push('package(s) already installed');
      this.#more.packages = [];
      return;
    }
    const text = (list: string[]): string =>
      list
        .sort()
        .map((line) => `${line}\n`)
        .join('');
    this.#diff(text(before), text(after));
    this.#more.packages = [...names, ...only].sort();
    const count = names.length + only.length;
    if (this.#context.check) {
      this.#finish(`Would have installed ${count} packages`);
      return;
    }
    const failed = 'Failed to install package(s)';
    for (const [verb, list] of parts) {
      if (list.length > 0)
        this.#replies.push(await this.#mustGo([...base, verb, ...list.map(({ source }) => source)], failed));
    }
    if (explained.length > 0) {
      const option = reason === 'dependency' ? '--asdeps' : '--asexplicit';
      this.#replies.push(await this.#mustGo(['--noconfirm', '--database', option, ...explained], failed));
    }
    this.#finish(`Installed ${count} package(s)`);
  }

  /** The packages that the names mean: those of groups, those in files, and plain ones. */
  async #packages({ groups, available, installed }: Inventory, removes: boolean): Promise<Package[]> {
    const packages: Package[] = [];
    for (const source of this.#args.name ?? []) {
      if (source === '') continue;
      const members = groups.get(source);
      if (members) packages.push(...members.map((name) => ({ name, source: name, isFile: false })));
      else if (available.has(source) || installed.has(source)) packages.push({ name: source, source, isFile: false });
      else {
        const found = await this.#run(['--sync', '--print-format', '%n', source]);
        const file = found.code === 0 ? undefined : await this.#run(['--upgrade', '--print-format', '%n', source]);
        const last = file ?? found;
        if (last.code === 0) {
          packages.push({ name: linesOf(last.stdout).at(-1) ?? source, source, isFile: file !== undefined });
        } else if (!removes) throw managerFailure(`Failed to list package ${source}`, last, { cmd: last.words });
      }
    }
    return packages;
  }

  #finish(msg: string, more: ResultObject = {}): void {
    this.#said.push(msg);
    Object.assign(this.#more, more);
    this.#changed = true;
  }

  #diff(before: string, after: string): void {
    if (this.#context.wantsDiff) this.#more.diff = { before, after };
  }

  #run(words: readonly string[]): Promise<ToolReply> {
    return runManager(this.#args.executable, words, this.#context);
  }

  async #mustGo(words: readonly string[], msg: string): Promise<ToolReply> {
    const reply = await this.#run(words);
    if (reply.code !== 0) throw managerFailure(msg, reply, { cmd: reply.words });
    return reply;
  }
}
