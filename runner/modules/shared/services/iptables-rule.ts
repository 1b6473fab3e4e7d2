/** The parts of a rule, as the module's arguments give them. */
export interface RuleArguments {
  readonly ip_version: 'ipv4' | 'ipv6';
  readonly protocol: string | undefined;
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly match: readonly string[];
  readonly tcp_flags:
    | { readonly flags: readonly string[] | undefined; readonly flags_set: readonly string[] | undefined }
    | undefined;
  readonly jump: string | undefined;
  readonly gateway: string | undefined;
  readonly log_prefix: string | undefined;
  readonly log_level: string | undefined;
  readonly to_destination: string | undefined;
  readonly destination_ports: readonly string[];
  readonly to_source: string | undefined;
  readonly goto: string | undefined;
  readonly in_interface: string | undefined;
  readonly out_interface: string | undefined;
  readonly fragment: string | undefined;
  readonly set_counters: string | undefined;
  readonly source_port: string | undefined;
  readonly destination_port: string | undefined;
  readonly to_ports: string | undefined;
  readonly set_dscp_mark: string | undefined;
  readonly set_dscp_mark_class: string | undefined;
  readonly syn: 'ignore' | 'match' | 'negate';
  readonly ctstate: readonly string[];
  readonly src_range: string | undefined;
  readonly dst_range: string | undefined;
  readonly match_set: string | undefined;
  readonly match_set_flags: string | undefined;
  readonly limit: string | undefined;
  readonly limit_burst: string | undefined;
  readonly uid_owner: string | undefined;
  readonly gid_owner: string | undefined;
  readonly reject_with: string | undefined;
  readonly icmp_type: string | undefined;
  readonly comment: string | undefined;
}

/** A flag and its value; a ! in front of the value stands in front of the flag instead. */
const flag = (name: string, value: string | undefined): string[] => {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', name, value.slice(1)] : [name, value];
};

const list = (name: string, values: readonly string[]): string[] =>
  values.length === 0 ? [] : [name, values.join(',')];

/** Loads an extension when one of its options is given. */
const extension = (name: string, ...values: readonly (string | undefined)[]): string[] =>
  values.some((value) => value) ? ['-m', name] : [];

/** The words of a rule, in the order in which iptables is given them by Ansible, which shows in its results. */
export const ruleWords = (rule: RuleArguments, wait: string | undefined): string[] => {
  const { match } = rule;
  return [
    ...(wait ? ['-w', wait] : []),
    ...flag('-p', rule.protocol),
    ...flag('-s', rule.source),
    ...flag('-d', rule.destination),
    ...match.flatMap((name) => flag('-m', name)),
    ...tcpFlags(rule),
    ...flag('-j', rule.jump),
    ...(rule.jump?.toLowerCase() === 'tee' ? flag('--gateway', rule.gateway) : []),
    ...flag('--log-prefix', rule.log_prefix),
    ...flag('--log-level', rule.log_level),
    ...flag('--to-destination', rule.to_destination),
    ...(rule.destination_ports.length > 0 ? ['-m', 'multiport'] : []),
    ...list('--dports', rule.destination_ports),
    ...flag('--to-source', rule.to_source),
    ...flag('-g', rule.goto),
    ...flag('-i', rule.in_interface),
    ...flag('-o', rule.out_interface),
    ...flag('-f', rule.fragment),
    ...flag('-c', rule.set_counters),
    ...flag('--source-port', rule.source_port),
    ...flag('--destination-port', rule.destination_port),
    ...flag('--to-ports', rule.to_ports),
    ...flag('--set-dscp', rule.set_dscp_mark),
    ...flag('--set-dscp-class', rule.set_dscp_mark_class),
    ...(rule.syn === 'match' ? ['--syn'] : rule.syn === 'negate' ? ['!', '--syn'] : []),
    ...connectionState(rule),
    ...(match.includes('iprange') ? [] : extension('iprange', rule.src_range, rule.dst_range)),
    ...flag('--src-range', rule.src_range),
    ...flag('--dst-range', rule.dst_range),
    ...addressSet(rule),
    ...extension('limit', rule.limit, rule.limit_burst),
    ...flag('--limit', rule.limit),
    ...flag('--limit-burst', rule.limit_burst),
    ...extension('owner', rule.uid_owner),
    ...flag('--uid-owner', rule.uid_owner),
    ...extension('owner', rule.gid_owner),
    ...flag('--gid-owner', rule.gid_owner),
    ...(rule.jump === undefined && rule.reject_with ? ['-j', 'REJECT'] : []),
    ...flag('--reject-with', rule.reject_with),
    ...flag(rule.ip_version === 'ipv4' ? '--icmp-type' : '--icmpv6-type', rule.icmp_type),
    ...extension('comment', rule.comment),
    ...flag('--comment', rule.comment),
  ];
};

const tcpFlags = ({ tcp_flags: given }: RuleArguments): string[] =>
  given?.flags && given.flags_set ? ['--tcp-flags', given.flags.join(','), given.flags_set.join(',')] : [];

const connectionState = ({ match, ctstate }: RuleArguments): string[] => {
  if (match.includes('conntrack')) return list('--ctstate', ctstate);
  if (match.includes('state')) return list('--state', ctstate);
  return ctstate.length === 0 ? [] : ['-m', 'conntrack', ...list('--ctstate', ctstate)];
};

const addressSet = (rule: RuleArguments): string[] => {
  const { match, match_set: name, match_set_flags: flags } = rule;
  if (name === undefined && !match.includes('set')) return [];
  return [...(match.includes('set') ? [] : ['-m', 'set']), ...flag('--match-set', name), ...(flags ? [flags] : [])];
};
