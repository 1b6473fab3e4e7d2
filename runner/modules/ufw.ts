import { raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, missingCommand, went } from './shared/ask.ts';
import {
  changesDefault,
  changesLogging,
  changesRules,
  changesState,
  insertPlace,
} from './shared/firewall/ufw-state.ts';

const states = { enabled: 'enable', disabled: 'disable', reloaded: 'reload', reset: 'reset' } as const;

export default defineAction({
  name: 'community.general.ufw',
  summary: 'Manages the firewall with ufw.',
  args: {
    state: {
      type: 'str',
      choices: ['enabled', 'disabled', 'reloaded', 'reset'],
      doc: 'Whether the firewall is on, now and at boot; reloaded and reset always act.',
    },
    default: {
      type: 'str',
      aliases: ['policy'],
      choices: ['allow', 'deny', 'reject'],
      doc: 'What happens to traffic that no rule is about, in the direction that is given.',
    },
    logging: {
      type: 'str',
      choices: ['full', 'high', 'low', 'medium', 'off', 'on'],
      doc: 'How much is logged.',
    },
    direction: {
      type: 'str',
      choices: ['in', 'incoming', 'out', 'outgoing', 'routed'],
      doc: 'The direction of a rule (in, out) or of the default (incoming, outgoing, routed).',
    },
    delete: { type: 'bool', default: false, doc: 'Remove the rule.' },
    route: { type: 'bool', default: false, doc: 'The rule is about traffic that is routed.' },
    insert: { type: 'int', doc: 'The number that the rule gets; otherwise it becomes the last one.' },
    insert_relative_to: {
      type: 'str',
      choices: ['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6'],
      default: 'zero',
      doc: 'Where insert counts from.',
    },
    rule: { type: 'str', choices: ['allow', 'deny', 'limit', 'reject'], doc: 'Adds a rule, or removes one.' },
    interface: { type: 'str', aliases: ['if'], doc: 'The interface of a rule, in its direction.' },
    interface_in: { type: 'str', aliases: ['if_in'], doc: 'The interface where traffic comes in.' },
    interface_out: { type: 'str', aliases: ['if_out'], doc: 'The interface where traffic goes out.' },
    log: { type: 'bool', default: false, doc: 'Log new connections that match the rule.' },
    from_ip: { type: 'str', default: 'any', aliases: ['from', 'src'], doc: 'Where traffic comes from.' },
    from_port: { type: 'str', doc: 'The port that it comes from.' },
    to_ip: { type: 'str', default: 'any', aliases: ['dest', 'to'], doc: 'Where traffic goes to.' },
    to_port: { type: 'str', aliases: ['port'], doc: 'The port that it goes to.' },
    proto: {
      type: 'str',
      aliases: ['protocol'],
      choices: ['ah', 'any', 'esp', 'ipv6', 'tcp', 'udp', 'gre', 'igmp'],
      doc: 'The protocol.',
    },
    name: { type: 'str', aliases: ['app'], doc: 'A profile of /etc/ufw/applications.d.' },
    comment: { type: 'str', doc: 'A remark about the rule.' },
  },
  mutuallyExclusive: [
    ['name', 'proto', 'logging'],
    ['direction', 'interface_in'],
    ['direction', 'interface_out'],
  ],
  requiredOneOf: [['state', 'default', 'rule', 'logging']],
  requiredBy: { interface: ['direction'] },
  returns: { commands: 'What ufw was told.', msg: 'The state of the firewall afterwards.' },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const { direction } = args;
    if (args.default !== undefined && (direction === 'in' || direction === 'out')) {
      throw new ModuleFailure(
        'For default, direction must be one of "outgoing", "incoming" and "routed", or direction must not be specified.',
      );
    }
    if (args.rule !== undefined && direction !== undefined && direction !== 'in' && direction !== 'out') {
      throw new ModuleFailure(
        'For rules, direction must be one of "in" and "out", or direction must not be specified.',
      );
    }
    if (args.rule !== undefined && !args.route && args.interface_in && args.interface_out) {
      throw new ModuleFailure('Only route rules can combine interface_in and interface_out');
    }
    let place = args.delete ? undefined : args.insert;
    if (place !== undefined && args.rule !== undefined && args.insert_relative_to !== 'zero') {
      const { numbered } = await ask(context, { numbered: sh`ufw status numbered` });
      place = insertPlace(numbered!.stdout, place, args.insert_relative_to);
    }
    const ufw = context.check ? ['ufw', '--dry-run'] : ['ufw'];
    const commands = {
      state: args.state && [...ufw, ...(context.check ? [] : ['-f']), states[args.state]],
      default: args.default && [...ufw, 'default', args.default, ...(direction ? [direction] : [])],
      rule: args.rule && [...ufw, ...ruleWords(args, place)],
      logging: args.logging && [...ufw, 'logging', args.logging],
    };
    const isRead = !context.check;
    const command = (words: readonly string[] | undefined | '', mustRun = true): Script | false =>
      Boolean(words) && mustRun && sh`${[...(words as readonly string[])]}`;
    const answers = await ask(
      context,
      {
        there: sh`command -v ufw >/dev/null || exit 127`,
        before: sh`ufw status verbose`,
        rulesBefore: currentRules,
        // A dry run of these tells nothing.
        state: command(commands.state, isRead),
        default: command(commands.default, isRead),
        rule: commands.rule ? withComment(commands.rule, args.comment) : false,
        logging: command(commands.logging, isRead),
        after: isRead && sh`ufw status verbose`,
        rulesAfter: isRead && currentRules,
      },
      { stopAtFailure: true },
    );
    if (!went(answers.there)) throw missingCommand('ufw');
    const told = Object.values(commands).flatMap((words) => (words ? [words.join(' ')] : []));
    const failed = Object.values(answers).find((answer: Answer | undefined) => !went(answer));
    if (failed) throw commandFailure(failed, (failed.stderr || failed.stdout).trim(), { commands: told });

    const before = answers.before!.stdout;
    const rulesBefore = answers.rulesBefore!.stdout;
    const always =
      args.state === 'reloaded' ||
      args.state === 'reset' ||
      (args.logging !== undefined && changesLogging(before, args.logging));
    if (isRead) {
      const differs = before !== answers.after!.stdout || rulesBefore !== answers.rulesAfter!.stdout;
      return { changed: always || differs, commands: told, msg: answers.after!.stdout.trimEnd() };
    }
    const changed =
      always ||
      changesState(before, args.state) ||
      (args.default !== undefined && changesDefault(before, args.default, direction)) ||
      (answers.rule !== undefined && changesRules(rulesBefore, answers.rule.stdout, [args.from_ip, args.to_ip]));
    return { changed, commands: told };
  },
});

const ruleFiles = ['/lib/ufw', '/etc/ufw', '/var/lib/ufw'].flatMap((folder) => [
  `${folder}/user.rules`,
  `${folder}/user6.rules`,
]);

const currentRules = sh`grep -hs '^### tuple' ${ruleFiles}; exit 0`;

/** A rule with its remark, which versions before 0.35 do not know. */
const withComment = (words: readonly string[], comment: string | undefined): Script => {
  if (!comment) return sh`${words}`;
  return sh`case $(ufw --version) in 'ufw 0.'[0-2]*|'ufw 0.3'[0-4]*) set --;; *) set -- comment ${comment};; esac
${words} ${raw('"$@"')}`;
};

interface RuleArguments {
  readonly rule: string | undefined;
  readonly route: boolean;
  readonly delete: boolean;
  readonly direction: string | undefined;
  readonly interface: string | undefined;
  readonly interface_in: string | undefined;
  readonly interface_out: string | undefined;
  readonly log: boolean;
  readonly from_ip: string;
  readonly from_port: string | undefined;
  readonly to_ip: string;
  readonly to_port: string | undefined;
  readonly proto: string | undefined;
  readonly name: string | undefined;
}

/** A rule in the long form of ufw's syntax. */
const ruleWords = (args: RuleArguments, place: number | undefined): string[] => {
  const pair = (value: string | undefined, ...words: string[]): string[] => (value ? [...words, value] : []);
  return [
    ...(args.route ? ['route'] : []),
    ...(args.delete ? ['delete'] : []),
    ...(place === undefined ? [] : ['insert', String(place)]),
    args.rule!,
    ...pair(args.direction),
    ...pair(args.interface, 'on'),
    ...pair(args.interface_in, 'in', 'on'),
    ...pair(args.interface_out, 'out', 'on'),
    ...(args.log ? ['log'] : []),
    ...pair(args.from_ip, 'from'),
    ...pair(args.from_port, 'port'),
    ...pair(args.to_ip, 'to'),
    ...pair(args.to_port, 'port'),
    ...pair(args.proto, 'proto'),
    ...pair(args.name, 'app'),
  ];
};
