import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineModule, type Plan } from './define.ts';
import { expandCommand, expandedPaths, mustGo } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { expandedWord } from './shared/commands/expand.ts';
import {
  type Alternatives,
  haveSameFollowers,
  noAlternatives,
  readAlternatives,
  type Subcommand,
} from './shared/system/alternatives-list.ts';

interface State extends Alternatives {
  readonly path: string;
  readonly wantedLink: string | undefined;
  readonly exists: boolean;
}

interface Steps {
  readonly install: { readonly link: string; readonly priority: number } | undefined;
  readonly act: 'set' | 'auto' | 'remove' | undefined;
}

export default defineModule({
  name: 'community.general.alternatives',
  summary: 'Chooses between programs for the same command.',
  args: {
    name: { type: 'str', required: true, doc: 'The name of the group, such as editor.' },
    path: { type: 'path', required: true, doc: 'The program.' },
    link: { type: 'path', doc: 'The link that leads to the chosen program; needed for a group that is not there yet.' },
    priority: { type: 'int', doc: 'How it ranks in automatic mode; a new one gets 50.' },
    state: {
      type: 'str',
      choices: ['present', 'selected', 'auto', 'absent'],
      default: 'selected',
      doc: 'present: known, selected: known and chosen, auto: known and the best one is chosen, absent: not known.',
    },
    subcommands: {
      type: 'list',
      elements: 'dict',
      aliases: ['slaves'],
      doc: 'Links that follow the choice, such as manual pages.',
      options: {
        name: { type: 'str', required: true, doc: 'Its name.' },
        path: { type: 'path', required: true, doc: 'Where it leads.' },
        link: { type: 'path', required: true, doc: 'The link.' },
      },
    },
  },
  returns: { msg: 'What was done.' },
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<State> => {
    const paths = args.link === undefined ? [args.path] : [args.path, args.link];
    const answers = await ask(context, {
      there: sh`command -v update-alternatives`,
      paths: expandCommand(paths),
      display: sh`update-alternatives --display ${args.name}`,
      exists: sh`[ -e ${expandedWord(args.path)} ]`,
    });
    if (!went(answers.there)) throw missingCommand('update-alternatives');
    const [path, wantedLink] = expandedPaths(answers.paths, paths);
    const current = went(answers.display)
      ? readAlternatives(answers.display!.stdout, args.subcommands)
      : noAlternatives;
    return { ...current, path: path!, wantedLink, exists: went(answers.exists) };
  },

  diff: (state, args): Plan<Steps> => {
    const { path } = state;
    const known = state.known.get(path);
    const before = describe(state);
    if (args.state === 'absent') {
      const act = known ? 'remove' : undefined;
      return {
        changed: known !== undefined,
        result: { msg: known ? `Remove alternative '${path}' from '${args.name}'.` : '' },
        diff: { before, after: known ? { state: 'absent' } : {} },
        steps: { install: undefined, act },
      };
    }
    const installs =
      !known ||
      (args.priority !== undefined && args.priority !== known.priority) ||
      (args.subcommands !== undefined && !haveSameFollowers(args.subcommands, known.subcommands));
    const install = installs ? { link: linkFor(state), priority: args.priority ?? known?.priority ?? 50 } : undefined;
    const act =
      args.state === 'selected' && state.path !== state.current
        ? 'set'
        : args.state === 'auto' && state.mode === 'manual'
          ? 'auto'
          : undefined;
    const subcommands = args.subcommands ?? known?.subcommands ?? [];
    const messages = [
      install && `Install alternative '${path}' for '${args.name}'.`,
      act === 'set' && `Set alternative '${path}' for '${args.name}'.`,
      act === 'auto' && `Set alternative to auto for '${args.name}'.`,
    ].filter((message) => message);
    const after: ResultObject = {
      ...(install && {
        state: 'present',
        path,
        ...install,
        ...(subcommands.length > 0 && { subcommands: plain(subcommands) }),
      }),
      ...(act && { state: act === 'set' ? 'selected' : 'present' }),
    };
    return {
      changed: install !== undefined || act !== undefined,
      result: { msg: messages.join(' ') },
      diff: { before, after },
      steps: { install, act },
    };
  },

  apply: async ({ steps }, args, context, { path }) => {
    const { install, act } = steps!;
    const followers = (args.subcommands ?? []).flatMap((sub) => ['--slave', sub.link, sub.name, sub.path]);
    const answers = await ask(
      context,
      {
        install:
          install &&
          sh`update-alternatives --install ${[install.link, args.name, path, install.priority, ...followers]}`,
        act: act && sh`update-alternatives --${act} ${act === 'auto' ? [args.name] : [args.name, path]}`,
      },
      { stopAtFailure: true },
    );
    mustGo(answers.install);
    mustGo(answers.act);
  },
});

/** The link that a new alternative is made for. Throws where it is not known or the program is not there. */
const linkFor = ({ path, exists, wantedLink, link }: State): string => {
  if (!exists) throw new ModuleFailure(`Specified path ${path} does not exist`);
  const found = wantedLink ?? link;
  if (found === undefined) {
    throw new ModuleFailure(`'${path}' is no alternative yet, and 'link' is needed to make it one`);
  }
  return found;
};

const plain = (subcommands: readonly Subcommand[]): ResultObject[] =>
  subcommands.map(({ name, path, link }) => ({ name, path, link }));

/** What the alternative is now, for a diff. */
const describe = ({ known, path, link, mode, current }: State): ResultObject => {
  const own = known.get(path);
  if (!own) return { state: 'absent' };
  return {
    state: mode === 'manual' && current !== path ? 'selected' : 'present',
    path,
    priority: own.priority,
    link,
    ...(own.subcommands.length > 0 && { subcommands: plain(own.subcommands) }),
  };
};
