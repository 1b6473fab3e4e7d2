import { readFileSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import type { ConnectionDefaults } from '../engine/index.ts';
import { MusterError } from '../errors/index.ts';
import type { Secrets } from '../events/secrets.ts';
import type { RunFlags } from './run-options.ts';

/** Connection settings of the command line, or else of the configuration; passwords are asked for where that was said. */
export const connectionDefaults = async (
  flags: RunFlags,
  config: Config,
  secrets: Secrets,
  ask: (prompt: string) => Promise<string>,
): Promise<ConnectionDefaults> => {
  const password = await readPassword(
    flags.askPass ?? config.askPass,
    flags.connectionPasswordFile ?? config.connectionPasswordFile,
    'SSH password: ',
    ask,
  );
  const method = flags.becomeMethod ?? config.becomeMethod;
  const becomePassword = await readPassword(
    flags.askBecomePass ?? config.becomeAskPass,
    flags.becomePasswordFile ?? config.becomePasswordFile,
    `BECOME password${password === undefined ? '' : '[defaults to SSH password]'}: `,
    ask,
  );
  for (const secret of [password, becomePassword]) if (secret !== undefined) secrets.add(secret);
  return {
    connection: flags.connection ?? config.transport,
    user: flags.user ?? config.remoteUser,
    port: config.remotePort,
    password,
    privateKeyFile: flags.privateKey ?? config.privateKeyFile,
    commonArgs: [config.sshCommonArgs, config.sshExtraArgs, flags.sshCommonArgs, flags.sshExtraArgs].flatMap(
      (args) => args || [],
    ),
    timeout: flags.timeout === undefined ? config.timeout : Number(flags.timeout),
    become: flags.become ?? config.become,
    becomeMethod: method,
    becomeUser: flags.becomeUser ?? config.becomeUser,
    becomePassword: becomePassword === '' ? password : (becomePassword ?? config.becomePassword),
    becomeExe: config.becomeExe,
    becomeFlags: config.becomeFlags,
    hostKeyChecking: config.hostKeyChecking,
    executable: config.executable,
  };
};

const readPassword = async (
  asks: boolean,
  file: string | undefined,
  prompt: string,
  ask: (prompt: string) => Promise<string>,
): Promise<string | undefined> => {
  if (asks) return ask(prompt);
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n[\s\S]*$/, '');
  } catch {
    throw new MusterError({ message: `the password file ${file} cannot be read` });
  }
};
