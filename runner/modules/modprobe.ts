import { raw, type Script, sh } from '../connection/index.ts';
import { literalSource } from '../values/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { splitWords } from './shared/files/words.ts';
import { rewriteFile } from './shared/rewrite.ts';

interface ConfigFile {
  readonly path: string;
  readonly lines: readonly string[];
}

interface State {
  readonly isLoaded: boolean;
  readonly moduleFiles: readonly ConfigFile[];
  readonly optionFiles: readonly ConfigFile[];
}

interface Steps {
  readonly load: 'load' | 'unload' | undefined;
  /** New contents of files by path. */
  readonly writes: readonly (readonly [path: string, content: string])[];
}

const moduleFolder = '/etc/modules-load.d';
const optionFolder = '/etc/modprobe.d';

export default defineModule({
  name: 'community.general.modprobe',
  summary: 'Loads and unloads modules of the kernel.',
  args: {
    name: { type: 'str', required: true, doc: 'The module.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether it is to be loaded.' },
    params: { type: 'str', default: '', doc: 'Parameters for the module.' },
    persistent: {
      type: 'str',
      choices: ['disabled', 'absent', 'present'],
      default: 'disabled',
      doc: 'Whether it is to be loaded at boot, by files in /etc/modules-load.d and /etc/modprobe.d.',
    },
  },
  returns: { name: 'The module.', params: 'Its parameters.', state: 'Its state.' },
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const kernelName = args.name.replaceAll('-', '_');
    const answers = await ask(context, {
      there: sh`command -v modprobe`,
      loaded: sh`while read -r m_name m_rest; do [ "$m_name" = ${kernelName} ] && exit 0; done </proc/modules
while read -r m_name; do case $m_name in */${`${args.name}.ko`}) exit 0;; esac; done 2>/dev/null </lib/modules/"$(uname -r)"/modules.builtin
exit 1`,
      modules: args.persistent !== 'disabled' && sh`grep -sH '' ${raw(`${moduleFolder}/*`)}; exit 0`,
      options: args.persistent !== 'disabled' && sh`grep -sH '' ${raw(`${optionFolder}/*`)}; exit 0`,
    });
    if (!went(answers.there)) throw missingCommand('modprobe');
    return {
      isLoaded: went(answers.loaded),
      moduleFiles: readFiles(answers.modules?.stdout ?? ''),
      optionFiles: readFiles(answers.options?.stdout ?? ''),
    };
  },

  diff: (state, args) => {
    const wanted = args.state === 'present';
    const load = wanted === state.isLoaded ? undefined : wanted ? 'load' : 'unload';
    const writes = args.persistent === 'disabled' ? [] : persistence(state, args.name, args.params, args.persistent);
    return {
      changed: load !== undefined || writes.length > 0,
      result: { name: args.name, params: args.params, state: args.state },
      steps: { load, writes } satisfies Steps as Steps,
    };
  },

  apply: async ({ steps, result }, args, context) => {
    const { load, writes } = steps!;
    const params = splitWords(args.params);
    const answers = await ask(
      context,
      {
        load: load && (load === 'load' ? sh`modprobe ${[args.name, ...params]}` : sh`modprobe -r ${args.name}`),
        write: writes.length > 0 && writeCommand(writes),
      },
      { stopAtFailure: true },
    );
    for (const answer of [answers.load, answers.write]) {
      if (!answer || went(answer)) continue;
      throw commandFailure(answer, answer.stderr, result);
    }
  },
});

const readFiles = (output: string): ConfigFile[] => {
  const files = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const path = line.slice(0, colon);
    files.set(path, [...(files.get(path) ?? []), line.slice(colon + 1)]);
  }
  return [...files].map(([path, lines]) => ({ path, lines }));
};

/** Files to write so that the module is loaded at boot with these parameters, or is not. */
const persistence = (
  { moduleFiles, optionFiles }: State,
  name: string,
  params: string,
  wanted: 'absent' | 'present',
): [string, string][] => {
  const isModule = new RegExp(`^ *${literalSource(name)} *(?:[#;].*)?$`);
  const isOption = new RegExp(`^options ${literalSource(name)} (\\w+=\\S+) *(?:[#;].*)?$`);
  const isListed = moduleFiles.some(({ lines }) => lines.some((line) => isModule.test(line)));
  const current = optionFiles.flatMap(({ lines }) => lines.flatMap((line) => isOption.exec(line)?.[1] ?? []));
  const given = params.split(/\s+/).filter((param) => param !== '');
  const areSame = new Set([...current, ...given]).size === new Set(given).size && current.length >= new Set(given).size;
  const withoutOptions = (): [string, string][] => commented(optionFiles, isOption);
  if (wanted === 'absent') return [...commented(moduleFiles, isModule), ...withoutOptions()];
  const writes: [string, string][] = isListed ? [] : [[`${moduleFolder}/${name}.conf`, `${name}\n`]];
  if (areSame) return writes;
  const options = given.map((param) => `options ${name} ${param}\n`).join('');
  return [...writes, ...withoutOptions(), [`${optionFolder}/${name}.conf`, options === '' ? '\n' : options]];
};

const commented = (files: readonly ConfigFile[], pattern: RegExp): [string, string][] =>
  files
    .filter(({ lines }) => lines.some((line) => pattern.test(line)))
    .map(({ path, lines }) => [path, lines.map((line) => `${pattern.test(line) ? '#' : ''}${line}\n`).join('')]);

const writeCommand = (writes: Steps['writes']): Script =>
  sh`${writes.map(([path, content]) => sh`${rewriteFile(sh`${path}`, content)} || exit\n`)}`;
