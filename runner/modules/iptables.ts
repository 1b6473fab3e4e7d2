import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { type Answer, ask, missingCommand, went } from './shared/ask.ts';
import { iptablesArguments } from './shared/services/iptables-arguments.ts';
import { ruleWords } from './shared/services/iptables-rule.ts';

interface State {
  readonly wait: string | undefined;
  readonly policy: string | undefined;
  readonly hasRule: boolean;
  readonly hasChain: boolean;
}

export default defineModule({
  name: 'ansible.builtin.iptables',
  summary: 'Manages rules of the packet filter.',
  args: iptablesArguments,
  mutuallyExclusive: [
    ['set_dscp_mark', 'set_dscp_mark_class'],
    ['flush', 'policy'],
  ],
  requiredIf: [
    ['jump', 'TEE', ['gateway']],
    ['jump', 'tee', ['gateway']],
  ],
  returns: {
    ip_version: 'ipv4 or ipv6.',
    table: 'The table.',
    chain: 'The chain.',
    flush: 'Whether rules were removed.',
    rule: 'The rule, as words for iptables.',
    state: 'Whether the rule is to be there.',
    chain_management: 'Whether the chain itself was managed.',
  },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    if (!args.flush && args.chain === undefined) {
      throw new ModuleFailure('Either chain or flush parameter must be specified.');
    }
    if ((args.log_prefix || args.log_level) && args.jump !== undefined && args.jump !== 'LOG') {
      throw new ModuleFailure('Logging options can only be used with the LOG jump target.');
    }
    const tool = program(args.ip_version);
    const { table, chain } = args;
    const rules = !args.flush && args.policy === undefined;
    const answers: Readonly<Record<string, Answer | undefined>> = await ask(context, {
      version: sh`${tool} --version`,
      // Versions differ in what they know of waiting for the lock, which has to be known before the first command.
      rule:
        rules &&
        !(args.state === 'absent' && ruleWords(args, undefined).length === 0) &&
        sh`${waitOption(tool, args.wait)}\n${tool} -t ${table} -C ${chain} \${m_wait} ${ruleWords(withLog(args), undefined)}`,
      chain: rules && sh`[ "$m_code_rule" = 0 ] || ${tool} -t ${table} -L ${chain}`,
      policy: args.policy !== undefined && sh`${tool} -t ${table} -L ${chain}`,
    });
    const version = answers.version!;
    if (version.code === 127) {
      throw missingCommand(programName(args.ip_version));
    }
    mustGo(version);
    mustGo(answers.policy);
    return {
      wait: usableWait(version.stdout, args.wait),
      policy: /\(policy ([A-Z]+)\)/.exec(answers.policy?.stdout.split('\n')[0] ?? '')?.[1],
      hasRule: went(answers.rule),
      hasChain: went(answers.rule) || went(answers.chain),
    };
  },

  diff: (state, args) => {
    const result = {
      ip_version: args.ip_version,
      table: args.table,
      chain: args.chain ?? null,
      flush: args.flush,
      rule: ruleWords(args, args.wait).join(' '),
      state: args.state,
      chain_management: args.chain_management,
    };
    if (args.flush) return { changed: true, result };
    if (args.policy !== undefined) {
      if (state.policy === undefined) throw new ModuleFailure("Can't detect current policy");
      return { changed: state.policy !== args.policy, result };
    }
    if (args.state === 'absent' && result.rule === '') return { changed: state.hasChain, result };
    return { changed: state.hasRule !== (args.state === 'present'), result };
  },

  apply: async ({ result }, args, context, state) => {
    const tool = program(args.ip_version);
    const { table, chain } = args;
    const rule = ruleWords(withLog(args), state.wait);
    const base = sh`${tool} -t ${table}`;
    const isChainOnly = args.state === 'absent' && result?.rule === '';
    const answers = await ask(
      context,
      {
        flush: args.flush && (chain === undefined ? sh`${base} -F` : sh`${base} -F ${chain}`),
        policy: !args.flush && args.policy !== undefined && sh`${base} -P ${chain} ${args.policy}`,
        chain: managesRules(args) && isChainOnly && args.chain_management && sh`${base} -X ${chain}`,
        create:
          managesRules(args) &&
          args.state === 'present' &&
          !state.hasChain &&
          args.chain_management &&
          sh`${base} -N ${chain}`,
        rule: managesRules(args) && !isChainOnly && sh`${base} ${verb(args)} ${rule}`,
      },
      { stopAtFailure: true },
    );
    for (const answer of Object.values(answers)) mustGo(answer);
  },
});

const programName = (version: 'ipv4' | 'ipv6'): string => (version === 'ipv4' ? 'iptables' : 'ip6tables');
const program = (version: 'ipv4' | 'ipv6'): Script => sh`${programName(version)}`;

const managesRules = (args: { readonly flush: boolean; readonly policy: string | undefined }): boolean =>
  !args.flush && args.policy === undefined;

/** Logging options alone mean the target that logs. */
const withLog = <
  T extends {
    readonly jump: string | undefined;
    readonly log_prefix: string | undefined;
    readonly log_level: string | undefined;
  },
>(
  args: T,
): T => (args.jump === undefined && (args.log_prefix || args.log_level) ? { ...args, jump: 'LOG' } : args);

const verb = (args: {
  readonly state: string;
  readonly action: string;
  readonly rule_num: string | undefined;
  readonly chain: string | undefined;
}): Script => {
  if (args.state === 'absent') return sh`-D ${args.chain}`;
  if (args.action !== 'insert') return sh`-A ${args.chain}`;
  return args.rule_num ? sh`-I ${args.chain} ${args.rule_num}` : sh`-I ${args.chain}`;
};

/** 1 for versions that wait for so many seconds, 0 for those that only wait, -1 for those that know nothing of it. */
const waitSupport = (version: string): number => {
  const [major = 0, minor = 0, patch = 0] = (/v(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)?.slice(1) ?? []).map(Number);
  const number = major * 10_000 + minor * 100 + (patch || 0);
  return number >= 10_600 ? 1 : number >= 10_420 ? 0 : -1;
};

const usableWait = (version: string, wait: string | undefined): string | undefined =>
  waitSupport(version) === 1 ? wait : undefined;

/** Shell that sets $m_wait to the option, by the version that the host has. */
const waitOption = (tool: Script, wait: string | undefined): Script =>
  wait === undefined
    ? sh`m_wait=`
    : sh`m_wait=; case $(${tool} --version) in *v1.[0-5].*|*v0.*) ;; *) m_wait=${`-w ${wait}`};; esac`;
