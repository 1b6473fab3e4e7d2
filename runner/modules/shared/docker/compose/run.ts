import { emit, lines, raw, type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import { dumpJson, type ResultObject, toText } from '../../../../values/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { type Answer, ask } from '../../ask.ts';
import { expandedWord } from '../../commands/expand.ts';
import { pathWord } from '../../files/paths.ts';
import { dockerCommand } from '../cli.ts';
import type { ComposeArguments } from './arguments.ts';
import { type Done, outcomeOf, readList } from './outcome.ts';

const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Does what the arguments ask for, and tells of the project: mostly in one round trip. */
export const runCompose = async (args: ComposeArguments, context: ModuleContext): Promise<ResultObject> => {
  const counts = scales(args);
  const options = { keepLocale: true, before: prepare(args) } as const;
  const ps = sh`m_compose ps --format json --all $m_long`;
  const images = sh`m_compose images --format json`;
  const isStop = args.state === 'stopped';
  const command = commandOf(args, counts, context.check);
  const words = isStop ? upWords(args, counts, context.check, true) : command;
  const ready = raw('m_ready');
  const first = await ask(context, { ready, act: sh`m_compose ${words}`, ps, images }, options);
  if (first.ready!.code !== 0) throw new ModuleFailure(first.ready!.stderr.trim());
  const [docker = '', progress = '', folder = ''] = first.ready!.stdout.split('\n');
  const isJson = progress.includes('json');
  const base = [docker, 'compose', '--ansi', 'never', ...progress.split(' ').filter(Boolean)];
  const done = (answer: Answer, own: readonly string[], isUp: boolean): Done => ({
    answer,
    command: [...base, '--project-directory', folder, ...projectWords(args), ...own],
    ignored: { pulls: isUp, builds: isUp && args.ignore_build_events },
  });
  const act = done(first.act!, words, isStop || args.state === 'present');
  // Stopping always claims to do something, so it is only done where something runs.
  const isStopped = (): boolean =>
    readList(first.ps?.stdout).every((container) =>
      ['created', 'exited', 'stopped', 'killed'].includes(String(container.State)),
    );
  if (!isStop || first.act!.code !== 0 || first.ps?.code !== 0 || isStopped()) {
    return outcomeOf([act], { ps: first.ps, images: first.images }, isJson, context);
  }
  const second = await ask(context, { ready, act: sh`m_compose ${command}`, ps, images }, options);
  return outcomeOf([act, done(second.act!, command, false)], { ps: second.ps, images: second.images }, isJson, context);
};

/** Shell that every command of a request begins with: where the project is, and how docker compose is called. */
const prepare = (args: ComposeArguments): Script => {
  const docker = args.docker_cli ?? 'docker';
  const project = projectOptions(args).map(({ option, value, isPath }) =>
    isPath ? sh` ${option} ${expandedWord(value)}` : sh` ${option} ${value}`,
  );
  const client = args.cli_context === undefined ? sh`` : sh` --context ${args.cli_context}`;
  const base = sh`${dockerCommand(args, docker)}${client}`;
  const place =
    args.definition === undefined
      ? sh`m_given=${pathWord(args.project_src!)}; m_src=$(CDPATH= cd -- "$m_given" 2>/dev/null && pwd)`
      : sh`m_src=$(mktemp -d) && trap 'rm -rf "$m_src"' 0 && ${emit(dumpJson(args.definition))} >"$m_src/compose.yaml"`;
  return lines(
    place,
    sh`m_version=$(${docker} compose version --short 2>/dev/null)
m_version=\${m_version#v}; m_minor=\${m_version#*.}; m_minor=\${m_minor%%.*}; m_progress=; m_long=
case $m_version in ''|[0-2].*) ;; *) m_minor=999;; esac
[ "\${m_minor:-0}" -lt 19 ] || m_progress='--progress plain'
[ "\${m_minor:-0}" -lt 23 ] || m_long=--no-trunc
[ "\${m_minor:-0}" -lt 29 ] || m_progress='--progress json'
m_fail() { printf '%s\n' "$1" >&2; return 3; }
m_ready() {
command -v ${docker} >/dev/null || { m_fail 'docker_compose_v2 needs the docker command on the host: install the package docker.io or docker-ce'; return; }
[ -n "$m_version" ] || { m_fail 'the docker command on the host has no compose plugin: install the package docker-compose-plugin, or docker-compose from Debian 13 on'; return; }
[ "$m_minor" -ge 18 ] || { m_fail "docker compose on the host is version $m_version; 2.18.0 or later is needed"; return; }
${args.assume_yes ? sh`[ "$m_minor" -ge 32 ] || { m_fail "assume_yes needs Docker Compose 2.32.0 or newer on the host, which has $m_version"; return; }` : sh`:`}
[ -n "$m_src" ] || { m_fail "\\"$m_given\\" is not a directory"; return; }
cd "$m_src" || return
printf '%s\\n%s\\n%s\\n' "$(command -v ${docker})" "$m_progress" "$m_src"
${fileChecks(args)}
}
m_compose() {
[ "$m_code_ready" = 0 ] || return 3
cd "$m_src" || return
m_verb=$1; shift
${base} compose --ansi never $m_progress --project-directory "$m_src"${project} "$m_verb" "$@"
}`,
  );
};

interface ProjectOption {
  readonly option: string;
  readonly value: string;
  readonly isPath?: true;
}

const projectOptions = (args: ComposeArguments): ProjectOption[] => [
  ...(args.project_name === undefined ? [] : [{ option: '--project-name', value: args.project_name }]),
  ...(args.files ?? []).map((value) => ({ option: '--file', value, isPath: true as const })),
  ...(args.env_files ?? []).map((value) => ({ option: '--env-file', value, isPath: true as const })),
  ...(args.profiles ?? []).map((value) => ({ option: '--profile', value })),
];

const projectWords = (args: ComposeArguments): string[] =>
  projectOptions(args).flatMap(({ option, value }) => [option, value]);

const fileChecks = ({ files, check_files_existing: checks, definition }: ComposeArguments): Script => {
  if (definition !== undefined) return sh`:`;
  if (files && files.length > 0) {
    return sh`for m_file in ${files.map(expandedWord)}; do [ -e "$m_file" ] || { m_fail "Cannot find Compose file \\"$m_file\\" relative to project directory \\"$m_src\\""; return; }; done`;
  }
  if (!checks) return sh`:`;
  return sh`for m_file in ${composeFiles}; do [ -e "$m_file" ] && return 0; done
m_fail "\\"$m_src\\" does not contain "${composeFiles.join(', ').replace(/, (?=[^,]*$)/, ', or ')}`;
};

const scales = ({ scale }: ComposeArguments): [string, number][] =>
  [...(scale ?? [])].map(([service, given]): [string, number] => {
    const count = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return [toText(service), count];
    throw new ModuleFailure(`The value ${toText(given)} for scale['${toText(service)}'] is not an integer from 0 up`);
  });

const upWords = (
  args: ComposeArguments,
  counts: readonly [string, number][],
  isCheck: boolean,
  isStopped: boolean,
): string[] => [
  'up',
  '--detach',
  '--no-color',
  '--quiet-pull',
  ...(args.pull === 'policy' ? [] : ['--pull', args.pull]),
  ...(args.remove_orphans ? ['--remove-orphans'] : []),
  ...(args.recreate === 'always' ? ['--force-recreate'] : args.recreate === 'never' ? ['--no-recreate'] : []),
  ...(args.renew_anon_volumes ? ['--renew-anon-volumes'] : []),
  ...(args.dependencies ? [] : ['--no-deps']),
  ...timeoutWords(args),
  ...(args.build === 'always' ? ['--build'] : args.build === 'never' ? ['--no-build'] : []),
  ...[...counts].sort().flatMap(([service, count]) => ['--scale', `${service}=${count}`]),
  ...(args.wait && !isStopped
    ? ['--wait', ...(args.wait_timeout === undefined ? [] : ['--wait-timeout', String(args.wait_timeout)])]
    : []),
  ...(isStopped ? ['--no-start'] : []),
  ...(args.assume_yes ? ['-y'] : []),
  ...endWords(args, isCheck),
];

const timeoutWords = ({ timeout }: ComposeArguments): string[] =>
  timeout === undefined ? [] : ['--timeout', String(timeout)];

const endWords = ({ services }: ComposeArguments, isCheck: boolean): string[] => [
  ...(isCheck ? ['--dry-run'] : []),
  '--',
  ...(services ?? []),
];

const commandOf = (args: ComposeArguments, counts: readonly [string, number][], isCheck: boolean): string[] => {
  switch (args.state) {
    case 'present':
      return upWords(args, counts, isCheck, false);
    case 'stopped':
      return ['stop', ...timeoutWords(args), ...endWords(args, isCheck)];
    case 'restarted':
      return [
        'restart',
        ...(args.dependencies ? [] : ['--no-deps']),
        ...timeoutWords(args),
        ...endWords(args, isCheck),
      ];
    case 'absent':
      return [
        'down',
        ...(args.remove_orphans ? ['--remove-orphans'] : []),
        ...(args.remove_images ? ['--rmi', args.remove_images] : []),
        ...(args.remove_volumes ? ['--volumes'] : []),
        ...timeoutWords(args),
        ...endWords(args, isCheck),
      ];
  }
};
