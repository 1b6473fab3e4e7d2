import { emit, lines, quote, raw, type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import { dumpJson, type Json, type ResultObject, toText } from '../../../../values/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { type Answer, ask } from '../../ask.ts';
import { expandedWord } from '../../commands/expand.ts';
import { pathWord } from '../../files/paths.ts';
import { dockerCommand } from '../cli.ts';
import type { ComposeArguments } from './arguments.ts';
import { actionsOf, type ComposeEvent, errorsOf, isChange, readJsonEvents, readPlainEvents } from './events.ts';

const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Does what the arguments ask for, and tells of the project: mostly in one round trip. */
export const runCompose = async (args: ComposeArguments, context: ModuleContext): Promise<ResultObject> => {
  const counts = scales(args);
  const options = { keepLocale: true, before: prepare(args) } as const;
  const list = {
    ps: sh`m_compose ps --format json --all $m_long`,
    images: sh`m_compose images --format json`,
  };
  const command = commandOf(args, counts, context.check);
  const words = args.state === 'stopped' ? upWords(args, counts, context.check, true) : command;
  const first = await ask(
    context,
    {
      ready: raw('m_ready'),
      act: sh`m_compose ${words}`,
      ...(args.state === 'stopped' ? { ps: list.ps } : list),
    },
    { ...options, stopAtFailure: true },
  );
  if (first.ready!.code !== 0) throw new ModuleFailure(first.ready!.stderr.trim());
  const isJson = first.ready!.stdout.includes('json');
  const outcome = new Outcome(isJson, args, context);
  outcome.add(first.act!, words, args.state === 'present' || args.state === 'stopped');
  if (args.state !== 'stopped') return outcome.result(first.ps, first.images);
  // Stopping always claims to do something, so it is only done where something runs.
  const isStopped = readList(first.ps?.stdout).every((container) =>
    ['created', 'exited', 'stopped', 'killed'].includes(String(container.State)),
  );
  const second = await ask(
    context,
    { ready: raw('m_ready'), act: !isStopped && sh`m_compose ${command}`, ...list },
    { ...options, stopAtFailure: true },
  );
  if (second.act) outcome.add(second.act, command, false);
  return outcome.result(second.ps, second.images);
};

/** Shell that every command of a request begins with: where the project is, and how docker compose is called. */
const prepare = (args: ComposeArguments): Script => {
  const docker = args.docker_cli ?? 'docker';
  const many = (option: string, values: readonly string[] | undefined): Script[] =>
    (values ?? []).map((value) => sh` ${option} ${expandedWord(value)}`);
  const project = [
    ...(args.project_name === undefined ? [] : [sh` --project-name ${args.project_name}`]),
    ...many('--file', args.files),
    ...many('--env-file', args.env_files),
    ...(args.profiles ?? []).map((profile) => sh` --profile ${profile}`),
  ];
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
command -v ${docker} >/dev/null || { m_fail 'docker_compose_v2 needs the docker command on the host'; return; }
[ -n "$m_version" ] || { m_fail 'the docker command on the host has no compose plugin'; return; }
[ "$m_minor" -ge 18 ] || { m_fail "docker compose on the host is version $m_version; 2.18.0 or later is needed"; return; }
[ -n "$m_src" ] || { m_fail "\\"$m_given\\" is not a directory"; return; }
cd "$m_src" || return
printf '%s' "$m_progress"
${fileChecks(args)}
}
m_compose() {
cd "$m_src" || return
m_verb=$1; shift
${base} compose --ansi never $m_progress --project-directory "$m_src"${project} "$m_verb" "$@"
}`,
  );
};

const fileChecks = ({ files, check_files_existing: checks, definition }: ComposeArguments): Script => {
  if (definition !== undefined) return sh`:`;
  if (files && files.length > 0) {
    return sh`for m_file in ${files.map(expandedWord)}; do [ -e "$m_file" ] || { m_fail "Cannot find Compose file \\"$m_file\\" relative to project directory \\"$m_src\\""; return; }; done`;
  }
  if (!checks) return sh`:`;
  return sh`for m_file in ${composeFiles}; do [ -e "$m_file" ] && return 0; done
m_fail "\\"$m_src\\" does not contain "${composeFiles.join(', ')}`;
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

type Row = { [key: string]: Json };

/** A list as docker compose writes it: one array, or one object a line. */
const readList = (output = ''): Row[] => {
  const text = output.trim();
  if (text === '' || text === 'null') return [];
  if (text.startsWith('[')) return JSON.parse(text) as Row[];
  return text.split('\n').map((line) => JSON.parse(line) as Row);
};

const words = (value: Json | undefined): string[] => (typeof value === 'string' ? value.split(',') : []);

const containerOf = (row: Row): Row => ({
  ...row,
  Labels: Object.fromEntries(
    words(row.Labels || undefined).map((label) => {
      const [name = '', ...value] = label.split('=');
      return [name, value.join('=')];
    }),
  ),
  Names: words(row.Names ?? row.Name),
  Networks: words(row.Networks ?? ''),
  Publishers: row.Publishers ?? [],
});

/** What came of one or two commands. */
class Outcome {
  readonly #isJson: boolean;
  readonly #args: ComposeArguments;
  readonly #context: ModuleContext;
  readonly #events: ComposeEvent[] = [];
  readonly #said = { stdout: '', stderr: '' };
  #changed = false;

  constructor(isJson: boolean, args: ComposeArguments, context: ModuleContext) {
    this.#isJson = isJson;
    this.#args = args;
    this.#context = context;
  }

  /** Takes a command's answer in. Throws when it failed. */
  add({ code, stdout, stderr }: Answer, command: readonly string[], ignoresPulls: boolean): void {
    const events = this.#isJson ? readJsonEvents(stderr) : readPlainEvents(stderr);
    this.#events.push(...events);
    for (const { status, message, what, id } of events) {
      if (status === undefined && message !== undefined)
        this.#context.warn(`Docker compose: ${what} ${id}: ${message}`);
    }
    this.#changed ||= events.some((event) => isChange(event, ignoresPulls));
    this.#said.stdout += stdout;
    this.#said.stderr += stderr;
    if (code === 0) return;
    const errors = errorsOf(events);
    const cmd = [this.#args.docker_cli ?? 'docker', 'compose', ...command].map(quote).join(' ');
    const said = errors.length > 0 ? errors.join('\n') : stderr.trim() || `Return code ${code} is non-zero`;
    throw new ModuleFailure(said, { ...this.#values(), rc: code, cmd });
  }

  result(ps: Answer | undefined, images: Answer | undefined): ResultObject {
    const failed = [ps, images].find((answer) => answer && answer.code !== 0);
    if (failed) throw new ModuleFailure(failed.stderr.trim(), { ...this.#values(), rc: failed.code });
    return {
      ...this.#values(),
      containers: readList(ps?.stdout).map(containerOf),
      images: readList(images?.stdout),
    };
  }

  #values(): ResultObject {
    const { stdout, stderr } = this.#said;
    return {
      changed: this.#changed,
      actions: actionsOf(this.#events).map((action) => ({ ...action })),
      ...(stdout !== '' && { stdout }),
      ...(stderr !== '' && { stderr }),
    };
  }
}
