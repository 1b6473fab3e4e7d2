import { sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { Json } from '../../../values/index.ts';

/** Docker Hub, as the engine and its configuration name it. */
export const hubAddress = 'https://index.docker.io/v1/';

/** Whether it is an image's id rather than a name. */
export const isImageId = (name: string): boolean => /^sha256:[0-9a-fA-F]{64}$/.test(name);

/** The parts of `host:5000/name:tag` and `name@sha256:…`. */
export const parseImageName = (name: string): { repository: string; tag: string | undefined } => {
  const at = name.lastIndexOf('@');
  if (at !== -1) return { repository: name.slice(0, at), tag: name.slice(at + 1) };
  const colon = name.lastIndexOf(':');
  if (colon === -1 || name.slice(colon).includes('/')) return { repository: name, tag: undefined };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
};

/** A name with its tag or digest. */
export const joinImageName = (repository: string, tag: string): string =>
  `${repository}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;

/** The registry that a repository lies in, as the configuration names it. */
export const registryOf = (repository: string): string => {
  const first = repository.split('/')[0]!;
  const isHost = repository.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
  return !isHost || first === 'docker.io' || first === 'index.docker.io' ? hubAddress : first;
};

interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { auth?: string; identitytoken?: string; username?: string; password?: string }>
  >;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** The login for a registry that is kept on the target, as the header that the engine takes; undefined without one. */
export const registryHeader = async (target: Target, registry: string): Promise<string | undefined> => {
  const { stdout } = await target.run(
    sh`m_file=\${DOCKER_CONFIG:-$HOME/.docker}/config.json; [ -f "$m_file" ] || m_file=$HOME/.dockercfg; cat "$m_file" 2>/dev/null`,
  );
  const config = readConfig(stdout.toString());
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper !== undefined && helper !== '') return helperLogin(target, helper, registry);
  const login = Object.entries(config.auths ?? {}).find(([name]) => hostOf(name) === hostOf(registry))?.[1];
  if (!login) return undefined;
  if (login.identitytoken) return encode({ identitytoken: login.identitytoken, serveraddress: registry });
  const [username = '', ...password] = Buffer.from(login.auth ?? '', 'base64')
    .toString()
    .split(':');
  return encode({
    username: login.username ?? username,
    password: login.password ?? password.join(':'),
    serveraddress: registry,
  });
};

/** Names of registries stand there with and without scheme and path. */
export const hostOf = (name: string): string => name.replace(/^https?:\/\//, '').split('/')[0]!;

const encode = (login: Json): string => Buffer.from(JSON.stringify(login)).toString('base64url');

const readConfig = (text: string): DockerConfig => {
  if (text.trim() === '') return {};
  try {
    const config = JSON.parse(text) as DockerConfig & Record<string, never>;
    // The oldest format has the registries at the top.
    return config.auths || config.credsStore || config.credHelpers ? config : { auths: config };
  } catch {
    return {};
  }
};

const helperLogin = async (target: Target, helper: string, registry: string): Promise<string | undefined> => {
  if (!/^[\w.-]+$/.test(helper)) throw new ModuleFailure(`'${helper}' is no name of a credential helper`);
  const { stdout, code } = await target.run(sh`printf '%s\n' ${registry} | ${`docker-credential-${helper}`} get`);
  if (code !== 0) return undefined;
  const { Username, Secret } = JSON.parse(stdout.toString()) as { Username: string; Secret: string };
  return Username === '<token>'
    ? encode({ identitytoken: Secret, serveraddress: registry })
    : encode({ username: Username, password: Secret, serveraddress: registry });
};
