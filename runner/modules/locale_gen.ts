import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { ask, went } from './shared/ask.ts';
import { rewriteFile, showFile, shownFile } from './shared/rewrite.ts';

interface State {
  /** Whether the host keeps its locales as Ubuntu does. */
  readonly isUbuntu: boolean;
  /** /etc/locale.gen, or Ubuntu's list of locales that were added. */
  readonly list: string;
  readonly isPresent: boolean;
}

const localeGen = '/etc/locale.gen';
const ubuntuFolder = '/var/lib/locales/supported.d';

export default defineModule({
  name: 'community.general.locale_gen',
  summary: 'Makes and removes locales on a host of the Debian family.',
  args: {
    name: { type: 'str', required: true, doc: 'The locale with its encoding, such as de_CH.UTF-8.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether it is to be there.' },
  },
  returns: { name: 'The locale.', msg: 'That it went well.' },
  supports: { check: 'full', diff: false },

  probe: async ({ name }, context): Promise<State> => {
    const answers = await ask(context, {
      ubuntu: sh`[ -d ${ubuntuFolder} ]`,
      gen: showFile(sh`${localeGen}`),
      supported: sh`[ "$m_code_ubuntu" -ne 0 ] || grep -F -- ${name} /usr/share/i18n/SUPPORTED`,
      local: sh`cat ${`${ubuntuFolder}/local`} 2>/dev/null`,
      present: sh`locale -a`,
    });
    const isUbuntu = went(answers.ubuntu);
    const gen = shownFile(answers.gen);
    if (!isUbuntu && gen === undefined) {
      throw new ModuleFailure(
        `neither ${localeGen} nor ${ubuntuFolder} is there: is the package "locales" installed? (locale_gen is for hosts of the Debian family)`,
      );
    }
    const list = isUbuntu ? answers.supported!.stdout : gen!;
    if (!list.split('\n').some((line) => /^#? *(\S+_\S+) \S+\s*$/.exec(line)?.[1] === name)) {
      throw new ModuleFailure(`The locale '${name}' is not one that this host can have`);
    }
    const present = answers.present!.stdout.split('\n');
    return {
      isUbuntu,
      list: isUbuntu ? answers.local!.stdout : gen!,
      isPresent: present.some((line) => sameCase(line) === sameCase(name)),
    };
  },

  diff: ({ isPresent }, args) => ({
    changed: isPresent !== (args.state === 'present'),
    result: { name: args.name, msg: 'OK' },
  }),

  apply: async (_plan, { name, state }, context, { isUbuntu, list }) => {
    const isWanted = state === 'present';
    const { generate } = await ask(context, {
      generate: isUbuntu
        ? isWanted
          ? sh`locale-gen ${name}`
          : sh`${rewriteFile(sh`${`${ubuntuFolder}/local`}`, withoutLocale(list, name))} && locale-gen --purge`
        : sh`${rewriteFile(sh`${localeGen}`, withLocale(list, name, isWanted))} && locale-gen`,
    });
    if (went(generate)) return;
    const { code, stdout, stderr } = generate!;
    throw commandFailure(generate!, `locale-gen failed, with exit code ${code}: ${stderr.trim() || stdout.trim()}`, {
      exitValue: code,
      cmd: 'locale-gen',
    });
  },
});

/** `locale -a` names encodings in small letters and without dashes. */
const sameCase = (name: string): string =>
  name.replace(/\.[^@]+/, (encoding) => encoding.toLowerCase().replaceAll('-', ''));

/** The list with the locale's line switched on or off. */
const withLocale = (list: string, name: string, isWanted: boolean): string =>
  list
    .split('\n')
    .map((line) => {
      const [, found, charset] = /^#?\s*(\S+) (.+)$/.exec(line) ?? [];
      return found === name ? `${isWanted ? '' : '# '}${name} ${charset}` : line;
    })
    .join('\n');

const withoutLocale = (list: string, name: string): string =>
  list
    .split('\n')
    .filter((line) => line.split(' ')[0] !== name)
    .join('\n');
