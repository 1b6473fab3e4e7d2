import { ModuleFailure } from '../../../../errors/index.ts';
import { type Json, toText, type Value } from '../../../../values/index.ts';
import { splitWords } from '../../files/words.ts';
import { engineTexts, toNanoseconds } from '../values.ts';
import { type ContainerArguments, type OptionGroup, simple, type Values } from './option.ts';

const words = (value: Value, handling: ContainerArguments['command_handling']): string[] => {
  if (!Array.isArray(value)) return splitWords(toText(value));
  const list = value.map((item: Value) => toText(item));
  return handling === 'correct' ? list : splitWords(list.join(' '));
};

const command = simple('command', 'Config', 'Cmd', 'list', {
  read: ({ command: given, command_handling: handling }) => {
    const isEmpty = given === null || given === '' || (Array.isArray(given) && given.length === 0);
    return handling === 'compatibility' && isEmpty ? undefined : words(given!, handling);
  },
});

const entrypoint = simple('entrypoint', 'Config', 'Entrypoint', 'list', {
  read: ({ entrypoint: given, command_handling: handling }) =>
    handling === 'compatibility' && given!.length === 0 ? undefined : words(given!, handling),
});

const variables = (list: Json | undefined): Map<string, string> =>
  new Map(
    ((list ?? []) as string[]).map((entry) => {
      const at = entry.indexOf('=');
      return at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );

const entries = (map: ReadonlyMap<string, string>): string[] => [...map].map(([name, value]) => `${name}=${value}`);

const environment: OptionGroup = {
  ...simple('env', 'Config', 'Env', 'set'),
  read: ({ env, env_file: file }) => {
    if (env === undefined && file === undefined) return {};
    const given = new Map<string, string>();
    for (const [name, value] of env ?? []) {
      if (typeof value !== 'string') {
        throw new ModuleFailure(
          `Non-string value found for env option. Values that YAML takes for a number, a boolean or nothing must be quoted. Key: ${toText(name)}`,
        );
      }
      given.set(toText(name), value);
    }
    return { env: entries(given) };
  },
  expected: ({ env }, image) => {
    const all = new Map([...variables(image?.Config.Env), ...variables(env)]);
    return env === undefined && all.size === 0 ? {} : { env: entries(all) };
  },
};

const labels: OptionGroup = {
  ...simple('labels', 'Config', 'Labels', 'dict', { read: ({ labels: given }) => engineTexts(given) }),
  expected: ({ labels: given }, image, args): Values => {
    if (given === undefined) return {};
    const ofImage =
      args.image_label_mismatch === 'ignore' ? ((image?.Config.Labels ?? {}) as Record<string, Json>) : {};
    return { labels: { ...ofImage, ...(given as Record<string, Json>) } };
  },
};

/** Labels of the image that a strict comparison would take away. */
export const unwantedLabels = (image: Json | undefined, args: ContainerArguments): string[] =>
  Object.keys((image ?? {}) as Record<string, Json>).filter((label) => !args.labels?.has(label));

const healthcheck: OptionGroup = {
  ...simple('healthcheck', 'Config', 'Healthcheck', 'dict', {
    read: ({ healthcheck: check }) => {
      const { test, interval, timeout, start_period: start, retries } = check!;
      const isGiven = test !== undefined && test !== null && test !== '' && !(Array.isArray(test) && test.length === 0);
      const time = (name: string, text: string | undefined): Record<string, number> => {
        const nanoseconds = text === undefined ? 0 : toNanoseconds(text);
        return nanoseconds === 0 ? {} : { [name]: nanoseconds };
      };
      if (!isGiven) return { Test: ['NONE'] };
      return {
        Test: Array.isArray(test) ? test.map((word: Value) => toText(word)) : ['CMD-SHELL', toText(test)],
        ...time('Interval', interval),
        ...time('Timeout', timeout),
        ...time('StartPeriod', start),
        ...(retries && { Retries: retries }),
      };
    },
  }),
  // A container without a check is told of as one that has none.
  current: ({ Config: { Healthcheck: check } }) => ({ healthcheck: check ?? { Test: ['NONE'] } }),
};

const attachment: OptionGroup = {
  options: [
    { name: 'detach', type: 'value' },
    { name: 'interactive', type: 'value' },
  ],
  read: ({ detach, interactive }) => ({
    ...(detach !== undefined && { detach }),
    ...(interactive !== undefined && { interactive }),
  }),
  current: ({ Config: config }) => ({
    interactive: Boolean(config.OpenStdin),
    detach: !(config.AttachStderr && config.AttachStdout),
  }),
  create: ({ detach, interactive }, { config }) => {
    // Attached unless told otherwise, as on the command line.
    const isAttached = detach !== true;
    config.AttachStdout = isAttached;
    config.AttachStderr = isAttached;
    config.AttachStdin = isAttached && interactive === true;
    config.StdinOnce = isAttached && interactive === true;
    config.OpenStdin = interactive === true;
  },
};

const logging: OptionGroup = {
  options: [
    { name: 'log_driver', type: 'value' },
    { name: 'log_options', type: 'dict' },
  ],
  read: ({ log_driver: driver, log_options: options }): Values =>
    driver === undefined ? {} : { log_driver: driver, ...(options && { log_options: engineTexts(options) }) },
  current: ({ HostConfig: host }) => {
    const { Type, Config } = (host.LogConfig ?? {}) as Record<string, Json>;
    return { log_driver: Type, log_options: Config };
  },
  create: ({ log_driver: driver, log_options: options }, { hostConfig }) => {
    if (driver !== undefined) hostConfig.LogConfig = { Type: driver, Config: options ?? {} };
  },
};

const restartPolicy = ({ restart_policy: name, restart_retries: retries }: Values): Json => ({
  Name: name!,
  MaximumRetryCount: retries ?? 0,
});

const restart: OptionGroup = {
  options: [
    { name: 'restart_policy', type: 'value' },
    { name: 'restart_retries', type: 'value' },
  ],
  read: ({ restart_policy: policy, restart_retries: retries }) => ({
    ...(policy !== undefined && { restart_policy: policy }),
    ...(retries !== undefined && { restart_retries: retries }),
  }),
  current: ({ HostConfig: host }) => {
    const { Name, MaximumRetryCount } = (host.RestartPolicy ?? {}) as Record<string, Json>;
    return { restart_policy: Name, restart_retries: MaximumRetryCount };
  },
  create: (values, { hostConfig }) => {
    if (values.restart_policy !== undefined) hostConfig.RestartPolicy = restartPolicy(values);
  },
  update: (values, request) => {
    if (values.restart_policy !== undefined) request.RestartPolicy = restartPolicy(values);
  },
};

const platform: OptionGroup = {
  options: [{ name: 'platform', type: 'value' }],
  read: (args) => (args.platform === undefined ? {} : { platform: args.platform }),
  current: ({ Platform: actual }) => ({ platform: actual }),
  // The engine tells of the operating system alone.
  expected: (values): Values =>
    values.platform === undefined ? {} : { platform: String(values.platform).split('/')[0]! },
  create: (values, request) => {
    if (values.platform !== undefined) request.platform = String(values.platform);
  },
};

/** The arguments about what runs in a container. */
export const processOptions: readonly OptionGroup[] = [
  command,
  entrypoint,
  environment,
  labels,
  healthcheck,
  attachment,
  logging,
  restart,
  platform,
];
