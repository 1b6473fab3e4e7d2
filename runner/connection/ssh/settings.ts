import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SourceError } from '../../errors/index.ts';
import { parseSshArguments, type SshOption } from './arguments.ts';
import { type ConfigFile, readOptions } from './config-file.ts';
import { idleOptions, usedOptions } from './option-names.ts';
import { Options } from './options.ts';
import { expand, expandCommand, tokensOf } from './tokens.ts';
import { splitWords } from './words.ts';

export type HostKeyPolicy = 'strict' | 'accept-new' | 'off';

/** Everything about how to log in to a machine by ssh, worked out of variables, arguments and configuration files. */
export interface SshSettings {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly identityFiles: readonly string[];
  /** Whether the files are the defaults, which mostly are not there. */
  readonly hasDefaultIdentities: boolean;
  readonly identitiesOnly: boolean;
  readonly agent: string | undefined;
  readonly forwardAgent: boolean;
  /** Jump hosts, the first one to connect to first. */
  readonly jumps: readonly string[];
  readonly proxyCommand: string | undefined;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hostKeyAlias: string | undefined;
  readonly hostKeyPolicy: HostKeyPolicy;
  readonly hashKnownHosts: boolean;
  readonly timeoutMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveCount: number;
  readonly attempts: number;
  readonly family: 4 | 6 | undefined;
  readonly bindAddress: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly preferred: readonly string[] | undefined;
  readonly allows: { readonly publickey: boolean; readonly password: boolean; readonly keyboardInteractive: boolean };
  readonly ciphers: string | undefined;
  readonly macs: string | undefined;
  readonly kex: string | undefined;
  readonly hostKeyAlgorithms: string | undefined;
}

/** What is asked for: the values that are set win over the arguments, and those over the files. */
export interface SshRequest {
  readonly name: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  readonly arguments?: readonly string[] | undefined;
  readonly timeout?: number | undefined;
  readonly hostKeyChecking?: boolean | undefined;
}

export interface ConfigSource {
  load(path: string): ConfigFile | undefined;
  /** Whether a command ends well on this machine, as `Match exec` asks. */
  succeeds(command: string): boolean;
  warn(message: string): void;
}

const defaultIdentities = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

/** Works out the settings for a host. Throws SourceError for what is wrong or not supported in arguments and files. */
export const resolveSshSettings = (request: SshRequest, source: ConfigSource): SshSettings => {
  const given = parseSshArguments(request.arguments ?? []);
  for (const argument of given.unsupported)
    source.warn(`ssh argument '${argument}' is not supported and has no effect`);
  warnAboutOptions(given.options, source);
  const home = homedir();
  const localUser = userInfo().username;
  const first: SshOption[] = [];
  if (request.hostKeyChecking === false) first.push(['stricthostkeychecking', 'no']);
  if (request.port !== undefined) first.push(['port', String(request.port)]);
  if (request.user !== undefined) first.push(['user', request.user]);
  if (request.privateKeyFile !== undefined) first.push(['identityfile', escapePercent(request.privateKeyFile)]);
  first.push(...given.options);
  if (request.timeout !== undefined) first.push(['connecttimeout', String(request.timeout)]);

  const files =
    given.configFile === undefined
      ? [join(home, '.ssh/config'), '/etc/ssh/ssh_config']
      : given.configFile === 'none'
        ? []
        : [expandHome(given.configFile)];
  const options = new Options(first);
  let wantsFinal = false;
  const readAll = (name: string, isFinal: boolean): void => {
    const wantFinal = (): void => {
      wantsFinal = true;
    };
    for (const path of files) {
      const file = source.load(path);
      if (!file && given.configFile !== undefined) {
        throw new SourceError({ message: `cannot read the ssh configuration file ${path}` });
      }
      if (file) {
        const { succeeds } = source;
        const query = { name, originalName: request.name, localUser, options, isFinal, wantFinal, succeeds };
        readOptions(file, query, source.load);
      }
    }
  };
  readAll(request.name, false);
  if (wantsFinal) readAll(tokensOf(options, request.name, localUser).h, true);
  return build(options, request.name, localUser);
};

const warnAboutOptions = (options: readonly SshOption[], source: ConfigSource): void => {
  for (const [name] of options) {
    if (usedOptions.has(name) || idleOptions.has(name)) continue;
    source.warn(`ssh option '${name}' is not supported and has no effect`);
  }
};

const build = (options: Options, name: string, localUser: string): SshSettings => {
  const tokens = tokensOf(options, name, localUser);
  const path = (text: string): string => expandHome(expand(text, tokens));
  const paths = (text: string): string[] =>
    splitWords(text)
      .filter((word) => word !== 'none')
      .map(path);
  const identities = [...new Set(options.all('identityfile'))].filter((file) => file !== 'none');
  const jump = options.text('proxyjump');
  const command = options.text('proxycommand');
  const proxy = command === undefined || command.toLowerCase() === 'none' ? undefined : command;
  return {
    hostName: tokens.h,
    port: Number(tokens.p),
    user: tokens.r,
    identityFiles: (identities.length > 0 ? identities : defaultIdentities.map((file) => `~/.ssh/${file}`)).map(path),
    hasDefaultIdentities: identities.length === 0,
    identitiesOnly: options.flag('identitiesonly', false),
    agent: agentSocket(options.text('identityagent'), path),
    forwardAgent: !/^(?:no|false)$/i.test(options.text('forwardagent') ?? 'no'),
    jumps: jump === undefined || jump.toLowerCase() === 'none' ? [] : jump.split(',').map((hop) => hop.trim()),
    // ProxyJump wins, whichever of the two came first in a file.
    proxyCommand: proxy === undefined ? undefined : expandCommand(proxy, tokens),
    userKnownHosts: paths(options.text('userknownhostsfile') ?? '~/.ssh/known_hosts ~/.ssh/known_hosts2'),
    globalKnownHosts: paths(
      options.text('globalknownhostsfile') ?? '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2',
    ),
    hostKeyAlias: options.text('hostkeyalias'),
    hostKeyPolicy: hostKeyPolicy(options.text('stricthostkeychecking')),
    hashKnownHosts: options.flag('hashknownhosts', false),
    timeoutMs: (options.number('connecttimeout') ?? 10) * 1000,
    keepaliveMs: (options.number('serveraliveinterval') ?? 30) * 1000,
    keepaliveCount: options.number('serveralivecountmax') ?? 3,
    attempts: Math.max(1, options.number('connectionattempts') ?? 1),
    family: { inet: 4 as const, inet6: 6 as const }[options.text('addressfamily')?.toLowerCase() ?? ''],
    bindAddress: options.text('bindaddress'),
    environment: Object.fromEntries(
      splitWords(options.text('setenv') ?? '').map((word) => {
        const at = word.indexOf('=');
        return [word.slice(0, at), word.slice(at + 1)];
      }),
    ),
    preferred: options.text('preferredauthentications')?.split(','),
    allows: {
      publickey: options.flag('pubkeyauthentication', true),
      password: options.flag('passwordauthentication', true),
      keyboardInteractive: options.flag('kbdinteractiveauthentication', true),
    },
    ciphers: options.text('ciphers'),
    macs: options.text('macs'),
    kex: options.text('kexalgorithms'),
    hostKeyAlgorithms: options.text('hostkeyalgorithms'),
  };
};

const hostKeyPolicy = (value: string | undefined): HostKeyPolicy => {
  switch (value?.toLowerCase()) {
    case 'no':
    case 'off':
    case 'false':
      return 'off';
    case 'accept-new':
      return 'accept-new';
  }
  return 'strict';
};

const agentSocket = (value: string | undefined, path: (text: string) => string): string | undefined => {
  if (value === 'none') return undefined;
  if (value === undefined || value === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK || undefined;
  return value.startsWith('$') ? process.env[value.slice(1).replace(/^\{(.*)\}$/, '$1')] : path(value);
};

const escapePercent = (text: string): string => text.replaceAll('%', '%%');

const expandHome = (path: string): string => path.replace(/^~(?=\/|$)/, homedir());

/** `[user@]host[:port]` of a jump host, with `[::1]:22` for IPv6 addresses, or an ssh:// URI. Throws SourceError. */
export const parseJump = (text: string): { name: string; user: string | undefined; port: number | undefined } => {
  const found = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:/]+|[0-9a-f:]+:[0-9a-f:]*))(?::(\d+))?\/?$/i.exec(text);
  if (!found) {
    throw new SourceError({ message: `'${text}' is no jump host`, expected: '[user@]host[:port]' });
  }
  const [, user, bracketed, plain, port] = found;
  return { name: bracketed ?? plain!, user, port: port === undefined ? undefined : Number(port) };
};
