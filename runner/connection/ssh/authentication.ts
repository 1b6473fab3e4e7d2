import type { AnyAuthMethod, AuthHandlerMiddleware, KeyboardInteractiveAuthMethod } from 'ssh2';
import { agentKeys } from './agent.ts';
import type { AskSecret } from './environment.ts';
import type { KeyFiles } from './key-files.ts';
import type { SshSettings } from './settings.ts';

export interface Credentials {
  readonly password: string | undefined;
  /** Of the key file that was named for the host. */
  readonly passphrase: string | undefined;
  readonly privateKeyFile: string | undefined;
  /** Whether a person may be asked for a missing password; otherwise only after a key was right and was not enough. */
  readonly mayAsk?: boolean;
}

type Kind = 'publickey' | 'password' | 'keyboard-interactive';

interface Step {
  readonly kind: Kind;
  /** The method to try; undefined when it turns out that there is nothing to try. */
  readonly method: () => Promise<AnyAuthMethod | undefined>;
}

/**
 * Tries to log in as ssh does: the agent's keys, key files, then the password, each only where the server takes it. Keeps
 * a record for the message in case that nothing helps.
 */
export class Authentication {
  /** What was tried, and what could not be: "key ~/.ssh/id_rsa (it needs a passphrase)". */
  readonly tried: string[] = [];
  /** What the server takes. */
  offered: readonly string[] = [];
  readonly #settings: SshSettings;
  readonly #credentials: Credentials;
  readonly #keys: KeyFiles;
  readonly #ask: AskSecret;
  readonly #onPause: (isPaused: boolean) => void;
  readonly #tried = new Set<Step>();
  #steps: Promise<Step[]> | undefined;
  #usedPassword = false;
  #mayAsk: boolean;

  /** `onPause` is called with true while a person is asked, when time must not run out. */
  constructor(
    settings: SshSettings,
    credentials: Credentials,
    keys: KeyFiles,
    ask: AskSecret,
    onPause: (isPaused: boolean) => void,
  ) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#mayAsk = credentials.mayAsk ?? false;
    this.#keys = keys;
    this.#ask = ask;
    this.#onPause = onPause;
  }

  /** The handler that ssh2 asks for the next method. */
  readonly handler: AuthHandlerMiddleware = (left, partial, next) => {
    this.#next(left as readonly string[] | null, partial).then(
      // The types of ssh2 leave out that false ends it.
      (method) => next(method ?? (false as unknown as AnyAuthMethod)),
      () => next(false as unknown as AnyAuthMethod),
    );
  };

  async #next(left: readonly string[] | null, partial: boolean | null): Promise<AnyAuthMethod | undefined> {
    if (left) this.offered = left;
    if (partial) this.#mayAsk = true;
    this.#steps ??= this.#plan();
    for (const step of await this.#steps) {
      if (this.#tried.has(step)) continue;
      // Without a first answer only keys are tried: they tell nothing to a server that does not want them.
      if (left ? !left.includes(step.kind) : step.kind !== 'publickey') continue;
      this.#tried.add(step);
      if (step.kind !== 'publickey' && this.#usedPassword) continue;
      const method = await step.method();
      if (method) return method;
    }
    return left ? undefined : { type: 'none', username: this.#settings.user };
  }

  async #plan(): Promise<Step[]> {
    const { allows, preferred } = this.#settings;
    const steps: Step[] = [];
    if (allows.publickey) steps.push(...(await this.#keySteps()));
    if (allows.password) steps.push(this.#passwordStep());
    if (allows.keyboardInteractive) steps.push(this.#keyboardStep());
    if (!preferred) return steps;
    const rank = ({ kind }: Step): number => preferred.indexOf(kind);
    return steps.filter((step) => rank(step) !== -1).sort((a, b) => rank(a) - rank(b));
  }

  async #keySteps(): Promise<Step[]> {
    const { agent: socket, identityFiles, identitiesOnly, hasDefaultIdentities, user } = this.#settings;
    const publicKeys = await Promise.all(identityFiles.map((path) => this.#keys.publicKey(path)));
    const named = publicKeys.filter((key): key is Buffer => key !== undefined);
    const agent = socket === undefined ? undefined : await agentKeys(socket, named, identitiesOnly);
    const steps: Step[] = [];
    if (agent) {
      steps.push({
        kind: 'publickey',
        method: async () => {
          this.tried.push(`${agent.keys.length} ${agent.keys.length === 1 ? 'key' : 'keys'} of the agent`);
          return { type: 'agent', username: user, agent: agent.agent };
        },
      });
    }
    identityFiles.forEach((path, index) => {
      const known = publicKeys[index];
      if (known && agent?.keys.some((key) => key.getPublicSSH().equals(known))) return;
      steps.push({
        kind: 'publickey',
        method: async () => {
          const passphrase = path === this.#credentials.privateKeyFile ? this.#credentials.passphrase : undefined;
          const file = await this.#paused(this.#keys.read(path, passphrase));
          if ('missing' in file) {
            if (!hasDefaultIdentities) this.tried.push(`key ${path} (there is no such file)`);
            return undefined;
          }
          this.tried.push('problem' in file ? `key ${path} (${file.problem})` : `key ${path}`);
          return 'key' in file ? ({ type: 'publickey', username: user, key: file.key } as AnyAuthMethod) : undefined;
        },
      });
    });
    return steps;
  }

  #passwordStep(): Step {
    return {
      kind: 'password',
      method: async () => {
        const password = await this.#password();
        if (password === undefined) return undefined;
        this.#usedPassword = true;
        this.tried.push('password');
        return { type: 'password', username: this.#settings.user, password };
      },
    };
  }

  #keyboardStep(): Step {
    const method: KeyboardInteractiveAuthMethod = {
      type: 'keyboard-interactive',
      username: this.#settings.user,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        this.#answers(prompts.map(({ prompt }) => prompt)).then(finish, () => finish([]));
      },
    };
    return {
      kind: 'keyboard-interactive',
      method: async () => {
        if (this.#credentials.password === undefined && !(this.#mayAsk && this.#ask)) return undefined;
        this.tried.push('keyboard-interactive');
        return method;
      },
    };
  }

  /** The password is the answer to the first secret question; further ones go to a person. */
  async #answers(questions: readonly string[]): Promise<string[]> {
    const answers: string[] = [];
    for (const question of questions) {
      const isPassword = !this.#usedPassword && this.#credentials.password !== undefined;
      if (isPassword) this.#usedPassword = true;
      answers.push((isPassword ? this.#credentials.password : await this.#paused(this.#asked(question))) ?? '');
    }
    return answers;
  }

  async #password(): Promise<string | undefined> {
    const { user, hostName } = this.#settings;
    if (this.#credentials.password !== undefined || !this.#mayAsk) return this.#credentials.password;
    return this.#paused(this.#asked(`Password of ${user}@${hostName}: `));
  }

  async #asked(question: string): Promise<string | undefined> {
    return this.#ask?.(question);
  }

  async #paused<T>(work: Promise<T>): Promise<T> {
    this.#onPause(true);
    try {
      return await work;
    } finally {
      this.#onPause(false);
    }
  }
}
