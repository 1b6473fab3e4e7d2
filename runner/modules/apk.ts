import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { literalSource } from '../values/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { outputValues } from './shared/commands/decode.ts';
import {
  managerFailure,
  managerMustGo,
  managerReturns,
  managerRules,
  runManager,
  type ToolReply,
} from './shared/packages/managers/tool.ts';

const specs = {
  name: { type: 'list', elements: 'str', doc: 'The packages, as apk add takes them.' },
  state: {
    type: 'str',
    default: 'present',
    choices: ['present', 'installed', 'absent', 'removed', 'latest'],
    doc: 'Whether they are there; installed and removed mean the same as present and absent.',
  },
  available: {
    type: 'bool',
    default: false,
    doc: 'With upgrade: take what the repositories have, older versions too.',
  },
  no_cache: { type: 'bool', default: false, doc: 'Use no local cache.' },
  repository: { type: 'list', elements: 'str', doc: 'Repositories to use instead of those of the host.' },
  update_cache: { type: 'bool', default: false, doc: 'Fetch the indexes of the repositories first.' },
  upgrade: { type: 'bool', default: false, doc: 'Upgrade all packages.' },
  world: { type: 'str', default: '/etc/apk/world', doc: 'The file of what was asked for.' },
} as const;

type Arguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'community.general.apk',
  summary: 'Installs, upgrades and removes packages of Alpine Linux.',
  args: specs,
  ...managerRules,
  returns: managerReturns('apk'),
  notes: [
    "Tested against recorded output of apk-tools 2.14.10; tried beside Ansible's module with that and with 3.0.6",
    'A check run that removes packages tells what would be done; in Ansible it fails',
  ],
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    if (args.update_cache) {
      const reply = await apk(args, context, ['update']);
      managerMustGo(reply, 'could not update package db');
      if (!args.name?.length && !args.upgrade) return told(true, 'updated repository indexes', reply);
    }
    if (args.upgrade) return upgrade(args, context);
    const names = args.name ?? [];
    if (names.length === 0) throw new ModuleFailure('one of the following is required: name, update_cache, upgrade');
    return args.state === 'absent' || args.state === 'removed'
      ? remove(names, args, context)
      : install(names, args, context);
  },
});

const options = ({ no_cache, repository }: Arguments): string[] => [
  ...(no_cache ? ['--no-cache'] : []),
  ...(repository ?? []).flatMap((url) => ['--repository', url, '--repositories-file', '/dev/null']),
];

const apk = (args: Arguments, context: ModuleContext, words: readonly string[]): Promise<ToolReply> =>
  runManager('apk', [...options(args), ...words], context);

const told = (changed: boolean, msg: string, { stdout, stderr }: ToolReply): ResultObject => ({
  changed,
  msg,
  packages: touched(stdout),
  ...outputValues(stdout, stderr),
});

/** The packages of lines such as `(1/2) Installing nano (7.2-r1)`. */
const touched = (stdout: string): string[] =>
  [...stdout.matchAll(/^\(\d+\/\d+\)\s+\S+\s+(\S+)/gm)].map(([, name]) => name!);

const upgrade = async (args: Arguments, context: ModuleContext): Promise<ResultObject> => {
  const words = ['upgrade', ...(context.check ? ['--simulate'] : []), ...(args.available ? ['--available'] : [])];
  const reply = await apk(args, context, words);
  if (reply.code !== 0) throw managerFailure('failed to upgrade packages', reply, { packages: touched(reply.stdout) });
  const isSame = reply.stdout.startsWith('OK');
  return told(!isSame, isSame ? 'packages already upgraded' : 'upgraded packages', reply);
};

interface Known {
  readonly installed: boolean;
  readonly isLatest: boolean;
  /** It has no files, and stands for other packages. */
  readonly dependencies: readonly string[] | undefined;
  /** It was asked for, and is not there only because others need it. */
  readonly isAskedFor: boolean;
}

/** What the host knows about packages: one round trip. */
const look = async (names: readonly string[], args: Arguments, context: ModuleContext): Promise<Known[]> => {
  const command = [...options(args)];
  const answers = await ask(context, {
    apk: sh`command -v apk`,
    world: sh`cat ${args.world} 2>/dev/null || :`,
    ...Object.fromEntries(
      names.flatMap((name, index) => [
        [`installed${index}`, sh`apk ${command} -v info --installed ${name}`],
        [`version${index}`, sh`apk ${command} version ${name}`],
        [`about${index}`, sh`apk ${command} -v info --description ${name}`],
        [`needs${index}`, sh`apk ${command} -v info --depends ${name}`],
      ]),
    ),
  } as Record<string, ReturnType<typeof sh>>);
  if (!went(answers.apk)) throw missingCommand('apk');
  const world = answers.world!.stdout.split(/\s+/);
  return names.map((name, index) => {
    const about = answers[`about${index}`]!;
    const isVirtual = about.code === 0 && new RegExp(`${literalSource(name)}: virtual meta package`).test(about.stdout);
    const status = new RegExp(`^${literalSource(name)}-\\d\\S*\\s+(\\S)\\s`, 'm').exec(
      answers[`version${index}`]!.stdout,
    );
    return {
      installed: went(answers[`installed${index}`]),
      isLatest: status?.[1] !== '<',
      dependencies: isVirtual ? dependenciesIn(answers[`needs${index}`]!.stdout) : undefined,
      isAskedFor: world.some((entry) => entry === name || new RegExp(`^${literalSource(name)}[@=<>~]`).test(entry)),
    };
  });
};

/** The names in lines such as `.deps: nano vim`; where apk says less, it has a title and then a name a line. */
const dependenciesIn = (stdout: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => !line.endsWith(' depends on:'))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== '' && !word.endsWith(':'));

const install = async (names: readonly string[], args: Arguments, context: ModuleContext): Promise<ResultObject> => {
  const known = await look(names, args, context);
  const [missing, old]: [string[], string[]] = [[], []];
  for (const [index, { installed, isLatest, dependencies, isAskedFor }] of known.entries()) {
    const name = names[index]!;
    if (dependencies && args.state === 'latest') {
      const own = await look(dependencies, args, context);
      old.push(...dependencies.filter((_, at) => !own[at]!.isLatest));
    }
    if (!isAskedFor || !installed) missing.push(name);
    else if (args.state === 'latest' && !isLatest) old.push(name);
  }
  const wanted = [...missing, ...old];
  const upgrades = old.length > 0;
  if (wanted.length === 0) return { changed: false, msg: 'package(s) already installed' };
  const words = ['add', ...(upgrades ? ['--upgrade'] : []), ...(context.check ? ['--simulate'] : []), ...wanted];
  const reply = await apk(args, context, words);
  if (reply.code !== 0) {
    throw managerFailure(`failed to install ${wanted.join(' ')}`, reply, { packages: touched(reply.stdout) });
  }
  return told(true, `installed ${wanted.join(' ')} package(s)`, reply);
};

const remove = async (names: readonly string[], args: Arguments, context: ModuleContext): Promise<ResultObject> => {
  const known = await look(names, args, context);
  const present = names.filter((_, index) => known[index]!.installed);
  if (present.length === 0) return { changed: false, msg: 'package(s) already removed' };
  const words = ['del', '--purge', ...(context.check ? ['--simulate'] : []), ...present];
  const reply = await apk(args, context, words);
  // What others need stays there, and apk says so with exit code 0.
  const left =
    context.check || reply.code !== 0 ? [] : (await look(present, args, context)).filter((one) => one.installed);
  if (reply.code !== 0 || left.length > 0) {
    throw managerFailure(`failed to remove ${present.join(' ')} package(s)`, reply, {
      packages: touched(reply.stdout),
    });
  }
  return told(true, `removed ${present.join(' ')} package(s)`, reply);
};
