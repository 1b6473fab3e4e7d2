import { lines, type Script, sh, shellFunction } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { decodeOutput, expandedWord, outputValues, splitWords } from './shared/commands/index.ts';
import { readTrailer } from './shared/commands/trailer.ts';
import { isSatisfied, isVcsUrl, parseRequirement, type Requirement, recoverNames } from './shared/packages/index.ts';

const specs = {
  name: { type: 'list', elements: 'str', doc: 'Packages, with versions where they matter, URLs or paths.' },
  version: { type: 'str', doc: 'The version of the one package.' },
  requirements: { type: 'str', doc: 'A requirements file on the host.' },
  state: {
    type: 'str',
    doc: 'What is wanted.',
    choices: ['present', 'absent', 'latest', 'forcereinstall'],
    default: 'present',
  },
  virtualenv: { type: 'path', doc: 'The virtual environment to work in; it is made when it is not there.' },
  virtualenv_command: { type: 'path', doc: 'What makes virtual environments.', default: 'virtualenv' },
  virtualenv_python: { type: 'str', doc: 'The Python to put into one.' },
  virtualenv_site_packages: { type: 'bool', doc: "Let one see the host's packages.", default: false },
  executable: { type: 'path', doc: 'The pip to use.' },
  extra_args: { type: 'str', doc: 'Further arguments for pip.' },
  editable: { type: 'bool', doc: 'Install in editable mode.', default: false },
  chdir: { type: 'path', doc: 'The directory to work in.' },
  umask: { type: 'str', doc: 'The umask to work with, in octal digits.' },
} as const satisfies ArgumentSpecs;

type Arguments = ArgumentsOf<typeof specs>;

const subcommands = {
  present: ['install'],
  absent: ['uninstall', '-y'],
  latest: ['install', '-U'],
  forcereinstall: ['install', '-U', '--force-reinstall'],
} as const;

export default defineAction({
  name: 'ansible.builtin.pip',
  summary: "Installs and removes Python's packages.",
  args: specs,
  requiredOneOf: [['name', 'requirements']],
  mutuallyExclusive: [
    ['name', 'requirements'],
    ['executable', 'virtualenv'],
  ],
  returns: {
    cmd: "pip's command line.",
    name: 'As asked.',
    version: 'As asked.',
    state: 'As asked.',
    requirements: 'As asked.',
    virtualenv: 'The virtual environment.',
    stdout: 'What pip said.',
    stderr: 'What pip said on its standard error.',
  },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const requirements = readRequirements(args);
    const words = [
      ...subcommands[args.state],
      ...splitWords(extraArguments(args)),
      ...(args.name ? requirements.map(({ text }) => text) : ['-r', args.requirements!]),
    ];
    const comparesFreeze = args.requirements !== undefined || (args.name ?? []).some(isVcsUrl);
    const setup = lines(
      prepare(args, context),
      context.check ? environmentCheck(args) : environmentScript(args),
      findPip(args),
    );
    if (context.check) return predict(requirements, args, setup, context);
    const reply = await context.target.run(
      lines(
        setup,
        comparesFreeze && sh`m_old=$(${freeze} "$@")`,
        sh`"$@" ${words}; m_rc=$?`,
        comparesFreeze && sh`m_new=$(${freeze} "$@"); if [ "$m_old" != "$m_new" ]; then m_changed=1; fi`,
        report,
      ),
      { onOutput: context.output },
    );
    const outcome = readOutcome(reply.stdout, reply.stderr);
    const { stdout, stderr, rc, pip } = outcome;
    const cmd = [...pip, ...words];
    const isMissing = args.state === 'absent' && rc === 1 && /not installed/.test(stdout + stderr);
    if (rc !== 0 && !isMissing)
      throw new ModuleFailure(failureText(stdout, stderr), { cmd, rc, ...outputValues(stdout, stderr) });
    const sign = args.state === 'absent' ? 'Successfully uninstalled' : 'Successfully installed';
    const changed =
      (comparesFreeze && args.state !== 'absent' ? outcome.isFreezeChanged : stdout.includes(sign)) ||
      outcome.isCreated;
    return {
      changed,
      cmd,
      name: args.name ?? null,
      version: args.version ?? null,
      state: args.state,
      requirements: args.requirements ?? null,
      virtualenv: outcome.environment || null,
      ...outputValues(stdout, stderr),
    } satisfies ResultObject;
  },
});

const readRequirements = (args: Arguments): Requirement[] => {
  if (args.state === 'latest' && args.version !== undefined) {
    throw new ModuleFailure('version is incompatible with state=latest');
  }
  if (args.umask !== undefined && !/^[0-7]+$/.test(args.umask)) {
    throw new ModuleFailure('umask must be an octal integer');
  }
  const names = args.name ? recoverNames(args.name) : [];
  if (args.version === undefined) return names.map((name) => parseRequirement(name));
  if (names.length > 1) {
    throw new ModuleFailure(
      "'version' argument is ambiguous when installing multiple package distributions. Please specify version restrictions next to each package in 'name' argument.",
    );
  }
  if (parseRequirement(names[0] ?? '').conditions.length > 0) {
    throw new ModuleFailure(
      "The 'version' argument conflicts with any version specifier provided along with a package name. Please keep the version specifier, but remove the 'version' argument.",
    );
  }
  return names.map((name) => parseRequirement(name, args.version));
};

const extraArguments = ({ editable, extra_args: extra = '' }: Arguments): string =>
  editable && !extra.split(' ').includes('-e') ? `${extra} -e`.trim() : extra;

/** Tells at the end of the output how it went. */
const report = sh`printf '\\036%s\\036%s\\036%s\\036%s' "$m_rc" "$m_env" "$m_pip" "\${m_created:-0}\${m_changed:-0}"`;

/** Prints what pip has installed; "$@" is pip. */
const freeze = shellFunction('m_pip_freeze', `LC_ALL=C "$@" list --format=freeze 2>/dev/null || LC_ALL=C "$@" freeze`);

/** Goes where the task works, and finds the Python that stands for Ansible's own. */
const prepare = (args: Arguments, { controller }: ModuleContext): Script => {
  const known = controller.variable('ansible_python_interpreter');
  const python = typeof known === 'string' && known.startsWith('/') ? known : '';
  return lines(
    args.umask === undefined ? undefined : sh`umask ${args.umask}`,
    sh`m_env= m_created= m_changed= m_rc=0
m_fail() { printf '\\036%s\\036!' "$1"; exit 0; }
m_python=${python}
for m_t in "$m_python" /usr/bin/python3 /usr/local/bin/python3 python3; do
  if [ -n "$m_t" ] && command -v "$m_t" >/dev/null; then m_python=$m_t; break; fi
done
cd ${args.chdir === undefined ? sh`"\${TMPDIR:-/tmp}"` : expandedWord(args.chdir)} || m_fail ${`cannot enter ${args.chdir ?? ''}`}`,
    args.virtualenv === undefined
      ? undefined
      : sh`m_env=${expandedWord(args.virtualenv)}
case $m_env in /*) ;; *) m_env=$PWD/$m_env ;; esac`,
  );
};

/** Makes the virtual environment when it is not there. */
const environmentScript = (args: Arguments): Script | undefined => {
  if (args.virtualenv === undefined) return undefined;
  const [program = '', ...rest] = splitWords(args.virtualenv_command);
  const isModule = /pyvenv|-m venv/.test(args.virtualenv_command);
  if (isModule && args.virtualenv_python !== undefined) {
    throw new ModuleFailure(
      'virtualenv_python should not be used when using the venv module or pyvenv as virtualenv_command',
    );
  }
  const python = args.virtualenv_python === undefined ? sh`-p"$m_python"` : sh`${`-p${args.virtualenv_python}`}`;
  return sh`if [ ! -e "$m_env/bin/activate" ]; then
  command -v ${expandedWord(program)} >/dev/null || m_fail ${`Failed to find required executable "${program}" in paths`}
  set -- ${expandedWord(program)} ${rest} ${args.virtualenv_site_packages ? ['--system-site-packages'] : []}
  ${isModule ? sh`:` : sh`set -- "$@" ${python}`}
  "$@" "$m_env"; m_rc=$?
  [ "$m_rc" -eq 0 ] || { m_pip="$*"; ${report}; exit 0; }
  m_created=1
fi`;
};

const environmentCheck = (args: Arguments): Script | undefined =>
  args.virtualenv === undefined ? undefined : sh`[ -e "$m_env/bin/activate" ] || m_fail new`;

/** Puts pip's command line into "$@", and into $m_pip. */
const findPip = ({ executable, virtualenv }: Arguments): Script => {
  if (virtualenv !== undefined) {
    return sh`m_pip=
for m_t in pip3 pip; do if [ -x "$m_env/bin/$m_t" ]; then m_pip=$m_env/bin/$m_t; break; fi; done
[ -n "$m_pip" ] || m_fail "Unable to find pip in the virtualenv, $m_env, under any of these names: pip3, pip. Make sure pip is present in the virtualenv."
PATH=$m_env/bin:$PATH; export PATH
set -- "$m_pip"`;
  }
  if (executable !== undefined) {
    return sh`m_pip=${expandedWord(executable)}
command -v "$m_pip" >/dev/null || m_fail ${`Unable to find any of ${executable} to use.  pip needs to be installed.`}
set -- "$m_pip"`;
  }
  return sh`if [ -n "$m_python" ] && "$m_python" -c 'import importlib.util as u, sys; sys.exit(u.find_spec("pip") is None)' 2>/dev/null; then
  set -- "$m_python" -m pip.__main__
elif command -v pip3 >/dev/null; then set -- pip3
else m_fail 'Unable to find any of pip3 to use.  pip needs to be installed.'
fi
m_pip=$1; if [ $# -gt 1 ]; then m_pip="$1
-m
pip.__main__"; fi`;
};

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
  readonly pip: string[];
  readonly environment: string;
  readonly isCreated: boolean;
  readonly isFreezeChanged: boolean;
}

const readOutcome = (stdout: Buffer, stderr: Buffer): Outcome => {
  refuseEarly(stdout);
  const trailer = readTrailer(stdout, 4);
  if (!trailer) throw new ModuleFailure(`pip did not end: ${stderr.toString().trim()}`);
  const [rc, environment, pip, flags] = trailer.fields as [string, string, string, string];
  return {
    stdout: decodeOutput(stdout.subarray(0, trailer.start)),
    stderr: decodeOutput(stderr),
    rc: Number(rc),
    pip: pip.split('\n'),
    environment,
    isCreated: flags.startsWith('1'),
    isFreezeChanged: flags.endsWith('1'),
  };
};

/** A script that gave up says so at its end. */
const refuseEarly = (stdout: Buffer): void => {
  const trailer = readTrailer(stdout, 2);
  if (trailer?.fields[1] === '!') throw new ModuleFailure(trailer.fields[0]!);
};

const failureText = (stdout: string, stderr: string): string =>
  `${stdout === '' ? '' : `stdout: ${stdout}`}${stderr === '' ? '' : `\n:stderr: ${stderr}`}`;

/** What a run would change, by what is installed; pip itself cannot tell. */
const predict = async (
  requirements: readonly Requirement[],
  args: Arguments,
  setup: Script,
  { target }: ModuleContext,
): Promise<ResultObject> => {
  const isUnknown = args.extra_args !== undefined || args.requirements !== undefined || args.state === 'latest';
  const reply = await target.run(lines(setup, isUnknown ? undefined : sh`${freeze} "$@"`));
  const ended = readTrailer(reply.stdout, 2);
  if (ended?.fields[1] === '!') {
    if (ended.fields[0] === 'new') return { changed: true };
    throw new ModuleFailure(ended.fields[0]!);
  }
  if (isUnknown) return { changed: true };
  const installed = reply.stdout.toString();
  const changed = requirements.some((requirement) => {
    const isThere = isSatisfied(requirement, installed);
    return args.state === 'absent' ? isThere : args.state === 'present' && !isThere;
  });
  return { changed, ...outputValues(installed, reply.stderr.toString()) };
};
