import { spawnSync } from 'node:child_process';
import type { Line } from 'ssh-config';
import { type ConfigFile, type ParseConfig, readConfigFile } from './config-file.ts';
import { KnownHostFiles } from './host-key.ts';
import { KeyFiles } from './key-files.ts';
import type { ConfigSource } from './settings.ts';

/** Asks a person for a secret. Undefined where there is nobody to ask. */
export type AskSecret = ((question: string) => Promise<string | undefined>) | undefined;

/** What all ssh connections of a run share. */
export class SshEnvironment implements ConfigSource {
  readonly knownHosts = new KnownHostFiles();
  readonly keys: KeyFiles;
  readonly ask: AskSecret;
  readonly #warn: (message: string) => void;
  readonly #parse: ParseConfig;
  readonly #files = new Map<string, ConfigFile | undefined>();
  readonly #warned = new Set<string>();
  readonly #commands = new Map<string, boolean>();

  constructor(parse: ParseConfig, warn: (message: string) => void, ask: AskSecret) {
    this.#parse = parse;
    this.#warn = warn;
    this.ask = ask;
    this.keys = new KeyFiles(ask);
  }

  /** Makes one; the parser of configuration files is loaded only now. */
  static async open(warn: (message: string) => void, ask: AskSecret): Promise<SshEnvironment> {
    const { parse } = await import('ssh-config');
    return new SshEnvironment((text): readonly Line[] => parse(text), warn, ask);
  }

  readonly load = (path: string): ConfigFile | undefined => {
    if (!this.#files.has(path)) this.#files.set(path, readConfigFile(path, this.#parse));
    return this.#files.get(path);
  };

  // As with ssh, the user's shell runs it. It is run once, for however many hosts it is the same.
  readonly succeeds = (command: string): boolean => {
    const known = this.#commands.get(command);
    if (known !== undefined) return known;
    const { status } = spawnSync(process.env.SHELL || '/bin/sh', ['-c', command], { stdio: 'ignore' });
    this.#commands.set(command, status === 0);
    return status === 0;
  };

  readonly warn = (message: string): void => {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#warn(message);
  };
}
