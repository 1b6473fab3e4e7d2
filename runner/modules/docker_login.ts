import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { Json } from '../values/index.ts';
import { defineAction, type ResultObject } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, went } from './shared/ask.ts';
import { dockerArguments, dockerRules } from './shared/docker/arguments.ts';
import { type JsonObject, purpose, withEngine } from './shared/docker/engine.ts';
import { hostOf, hubAddress } from './shared/docker/registry.ts';
import { folderOf, pathWord } from './shared/files/paths.ts';
import { rewriteFile } from './shared/rewrite.ts';

export default defineAction({
  name: 'community.docker.docker_login',
  summary: 'Logs in to a registry of Docker images, or out of it.',
  args: {
    ...dockerArguments,
    registry_url: { type: 'str', default: hubAddress, aliases: ['registry', 'url'], doc: 'The registry.' },
    username: { type: 'str', doc: 'The user.' },
    password: { type: 'str', secret: true, doc: 'The password.' },
    reauthorize: { type: 'bool', default: false, aliases: ['reauth'], doc: 'Log in even when there is a login.' },
    state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether there is a login.' },
    config_path: {
      type: 'path',
      default: '~/.docker/config.json',
      aliases: ['dockercfg_path'],
      doc: 'The file on the target that keeps logins.',
    },
  },
  ...dockerRules,
  requiredIf: [['state', 'present', ['username', 'password']]],
  returns: { login_result: 'What the engine said about the login.' },
  notes: [
    'The engine is asked whether the login is right; it is kept in config_path on the target, in plain text unless that file names a credential helper',
  ],
  supports: { check: 'full', diff: false },

  run: async (args, context): Promise<ResultObject> => {
    const { registry_url: registry, username = '', password = '' } = args;
    if (args.password) {
      context.controller.addSecret(args.password);
      context.controller.addSecret(authOf(username, password));
    }
    const file = sh`m_file=${pathWord(args.config_path)}\n`;
    const answers = await ask(context, {
      path: sh`${file}printf '%s' "$m_file"`,
      config: sh`${file}[ ! -e "$m_file" ] || cat "$m_file"`,
    });
    mustGo(answers.config);
    const config = readConfig(answers.config!.stdout);
    const helper = helperOf(config, registry);
    const stored = helper === undefined ? storedLogin(config, registry) : await askHelper(helper, registry, context);
    if (args.state === 'absent') {
      if (!stored) return { changed: false, login_result: {} };
      if (!context.check) {
        if (helper !== undefined) await runHelper(helper, 'erase', registry, context);
        else await write(answers.path!.stdout, withoutLogin(config, registry), context);
      }
      return { changed: true, login_result: {} };
    }
    const isSame = stored?.username === username && stored.password === password;
    if (isSame && !args.reauthorize) {
      return { changed: false, login_result: { username, password, email: null, serveraddress: registry } };
    }
    const reply = await withEngine(args, context, (engine) =>
      purpose(
        `Logging into ${registry} for user ${username} failed`,
        engine.post('/auth', { body: { username, password, serveraddress: registry } }),
      ),
    );
    if (!context.check) {
      if (helper !== undefined) {
        const login = JSON.stringify({ ServerURL: registry, Username: username, Secret: password });
        await runHelper(helper, 'store', login, context);
      } else {
        await write(answers.path!.stdout, withLogin(config, registry, authOf(username, password)), context);
      }
    }
    return { changed: true, login_result: reply };
  },
});

type Context = Parameters<typeof ask>[0];

const authOf = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** What cannot be read counts as nothing, as it does for docker. */
const readConfig = (text: string): JsonObject => {
  try {
    const config = JSON.parse(text) as Json;
    return config !== null && typeof config === 'object' && !Array.isArray(config) ? config : {};
  } catch {
    return {};
  }
};

const helperOf = (config: JsonObject, registry: string): string | undefined => {
  const helpers = (config.credHelpers ?? {}) as JsonObject;
  const helper = helpers[hostOf(registry)] ?? helpers[registry] ?? config.credsStore;
  if (typeof helper !== 'string' || helper === '') return undefined;
  if (!/^[\w.-]+$/.test(helper)) throw new ModuleFailure(`'${helper}' is no name of a credential helper`);
  return `docker-credential-${helper}`;
};

interface Login {
  readonly username: string;
  readonly password: string;
}

const storedLogin = (config: JsonObject, registry: string): Login | undefined => {
  const { auth } = (((config.auths ?? {}) as JsonObject)[registry] ?? {}) as JsonObject;
  if (typeof auth !== 'string') return undefined;
  const [username = '', ...password] = Buffer.from(auth, 'base64').toString().split(':');
  return { username, password: password.join(':').replace(/\0+$/, '') };
};

const askHelper = async (helper: string, registry: string, context: Context): Promise<Login | undefined> => {
  const { get } = await ask(context, { get: sh`printf '%s\n' ${registry} | ${helper} get` });
  if (!went(get)) return undefined;
  const { Username, Secret } = JSON.parse(get!.stdout) as { Username: string; Secret: string };
  return { username: Username, password: Secret };
};

const runHelper = async (helper: string, verb: 'store' | 'erase', input: string, context: Context): Promise<void> => {
  const { run } = await ask(context, { run: sh`printf '%s\n' ${input} | ${helper} ${verb}` });
  mustGo(run, (said) => `${helper} could not ${verb} the login: ${said}`);
};

const withLogin = (config: JsonObject, registry: string, auth: string): JsonObject => ({
  ...config,
  auths: { ...((config.auths ?? {}) as JsonObject), [registry]: { auth } },
});

const withoutLogin = (config: JsonObject, registry: string): JsonObject => {
  const { [registry]: _gone, ...auths } = (config.auths ?? {}) as JsonObject;
  return { ...config, auths };
};

/** The file is for its owner alone, since passwords are readable in it. */
const write = async (path: string, config: JsonObject, context: Context): Promise<void> => {
  const text = `${JSON.stringify(sorted(config), undefined, 4)}`;
  const { write: written } = await ask(context, {
    write: sh`umask 077; m_file=${path}; [ -d ${folderOf(path) || '.'} ] || mkdir -p -- ${folderOf(path) || '.'} || exit
[ -e "$m_file" ] || : >"$m_file" || exit
${rewriteFile(sh`"$m_file"`, text)} && chmod 600 "$m_file"`,
  });
  mustGo(written, (said) => `Failed to write ${path}: ${said}`);
};

const sorted = (value: Json): Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([key, inner]) => [key, sorted(inner)]),
      )
    : value;
