import { quote, raw, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ArgumentsOf } from '../../arguments.ts';
import type { ModuleContext } from '../../define.ts';
import { outputValues } from '../commands/decode.ts';
import { expandedWord } from '../commands/expand.ts';
import { missingText } from '../missing.ts';
import { mysqlArguments } from './arguments.ts';

/** The arguments of mysql_db. */
export const databaseArguments = {
  ...mysqlArguments,
  name: {
    type: 'list',
    elements: 'str',
    required: true,
    aliases: ['db'],
    doc: 'The databases; all for a dump or import of everything.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['absent', 'dump', 'import', 'present'],
    doc: 'Whether they are there; dump and import write and read target.',
  },
  encoding: { type: 'str', default: '', doc: 'The character set.' },
  collation: { type: 'str', default: '', doc: 'The collation of new databases.' },
  target: { type: 'path', doc: 'The file on the target; .gz, .bz2 and .xz are compressed.' },
  single_transaction: { type: 'bool', default: false, doc: 'Dump in one transaction.' },
  quick: { type: 'bool', default: true, doc: 'Dump row by row.' },
  ignore_tables: { type: 'list', elements: 'str', default: [], doc: 'Tables to leave out, as database.table.' },
  hex_blob: { type: 'bool', default: false, doc: 'Dump binary columns in hexadecimal.' },
  force: { type: 'bool', default: false, doc: 'Go on after errors.' },
  master_data: { type: 'int', default: 0, choices: [0, 1, 2], doc: 'Write the place in the binary log into a dump.' },
  skip_lock_tables: { type: 'bool', default: false, doc: 'Do not lock tables.' },
  dump_extra_args: { type: 'str', doc: 'Further arguments for mysqldump.' },
  use_shell: {
    type: 'bool',
    default: false,
    doc: 'Accepted: imports of compressed files always go through the shell.',
  },
  unsafe_login_password: { type: 'bool', default: false, doc: 'Give the password to commands unquoted.' },
  restrict_config_file: { type: 'bool', default: false, doc: 'Commands read config_file and no other option file.' },
  check_implicit_admin: { type: 'bool', default: false, doc: 'Try root without a password first.' },
  config_overrides_defaults: {
    type: 'bool',
    default: false,
    doc: 'Host and port of config_file count for more than defaults.',
  },
  chdir: { type: 'path', doc: 'The folder where commands run.' },
  pipefail: { type: 'bool', default: false, doc: 'Fail when mysqldump fails, with a compressed target.' },
} as const;

export type DatabaseArguments = ArgumentsOf<typeof databaseArguments>;

interface Access {
  readonly isRoot: boolean;
  readonly configFile: string | undefined;
}

export interface Done {
  readonly command: string;
  readonly said: string;
}

/** The options for mysqldump and mysql that say where the server is and who logs in. */
const accessWords = (args: DatabaseArguments, { isRoot, configFile }: Access): Script => {
  const option = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  const path = (name: string, value: string | undefined): Script =>
    value === undefined ? sh`` : sh` ${raw(`--${name}=`)}${expandedWord(value)}`;
  const password = isRoot ? '' : args.login_password;
  const secret =
    password === undefined
      ? sh``
      : args.unsafe_login_password
        ? sh` ${raw(`--password=${password}`)}`
        : sh` ${`--password=${password}`}`;
  const words = [
    // It has to come first.
    ...option(args.restrict_config_file ? 'defaults-file' : 'defaults-extra-file', configFile),
    ...option('user', isRoot ? 'root' : args.login_user),
  ];
  const place =
    args.login_unix_socket === undefined
      ? [...option('host', args.login_host), `--port=${args.login_port}`]
      : option('socket', args.login_unix_socket);
  return sh`${words}${secret}${path('ssl-cert', args.client_cert)}${path('ssl-key', args.client_key)}${path('ssl-ca', args.ca_cert)}${args.force ? sh` --force` : sh``} ${place}`;
};

const packers: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };

const packerOf = (target: string): string | undefined => packers[/\.(\w+)$/.exec(target)?.[1] ?? ''];

/** A command line as it is told: quotes would hide the password from the masking of secrets. */
const withoutPassword = (command: string, { login_password: password }: DatabaseArguments): string =>
  password ? command.replaceAll(quote(`--password=${password}`), '--password=********') : command;

const run = async (
  program: string,
  before: Script,
  command: Script,
  args: DatabaseArguments,
  { target, signal }: ModuleContext,
): Promise<Done> => {
  const folder = args.chdir === undefined ? sh`` : sh`CDPATH= cd -- ${expandedWord(args.chdir)} || exit\n`;
  const { code, stdout, stderr } = await target.run(
    sh`command -v ${program} >/dev/null || { printf %s ${missingText(program)} >&2; exit 1; }
${folder}${before}${command}`,
    { signal },
  );
  const shown = withoutPassword(command.text, args);
  if (code !== 0) {
    throw new ModuleFailure(stderr.toString() || `${program} failed with exit code ${code}`, {
      cmd: shown,
      rc: code,
      ...outputValues(stdout.toString(), stderr.toString()),
    });
  }
  return { command: shown, said: stdout.toString() };
};

/** Dumps databases, or all of them, into a file on the target. */
export const dumpDatabases = (
  names: readonly string[] | undefined,
  args: DatabaseArguments,
  access: Access,
  context: ModuleContext,
): Promise<Done> => {
  const what = names === undefined ? ['--all-databases'] : names.length > 1 ? ['--databases', ...names] : [names[0]!];
  const options = [
    ...what,
    ...(args.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(args.encoding === '' ? [] : [`--default-character-set=${args.encoding}`]),
    ...(args.single_transaction ? ['--single-transaction=true'] : []),
    ...(args.quick ? ['--quick'] : []),
    ...args.ignore_tables.map((table) => `--ignore-table=${table}`),
    ...(args.hex_blob ? ['--hex-blob'] : []),
    ...(args.master_data === 0 ? [] : [`--master-data=${args.master_data}`]),
  ];
  const extra = args.dump_extra_args === undefined ? sh`` : sh` ${raw(args.dump_extra_args)}`;
  const dump = sh`mysqldump ${accessWords(args, access)} ${options}${extra}`;
  const target = expandedWord(args.target!);
  const packer = packerOf(args.target!);
  if (packer === undefined) return run('mysqldump', sh``, sh`${dump} >${target}`, args, context);
  if (!args.pipefail) return run('mysqldump', sh``, sh`${dump} | ${packer} >${target}`, args, context);
  // POSIX shells have no pipefail; the exit code goes past the pipe on a descriptor of its own.
  const piped = sh`m_rc=$({ { ${dump}; echo $? >&4; } | ${packer} >${target}; } 4>&1); exit "$m_rc"`;
  return run('mysqldump', sh``, piped, args, context);
};

/** Imports a file on the target into a database, or as it is. */
export const importDatabase = (
  name: string | undefined,
  args: DatabaseArguments,
  access: Access,
  context: ModuleContext,
): Promise<Done> => {
  const target = expandedWord(args.target!);
  const encoding = args.encoding === '' ? [] : [`--default-character-set=${args.encoding}`];
  const database = name === undefined ? [] : ['--one-database', name];
  const command = sh`mysql ${accessWords(args, access)} ${[...encoding, ...database]}`;
  const packer = packerOf(args.target!);
  const check = sh`[ -e ${target} ] || { printf 'target %s does not exist on the host' ${target} >&2; exit 1; }\n`;
  const whole = packer === undefined ? sh`${command} <${target}` : sh`${packer} -dc ${target} | ${command}`;
  return run('mysql', check, whole, args, context);
};
