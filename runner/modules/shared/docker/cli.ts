import { quote, type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { outputValues } from '../commands/decode.ts';
import { expandedWord } from '../commands/expand.ts';
import type { DockerArguments } from './arguments.ts';

export interface CliReply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The command line, with the paths as the script knows them. */
  readonly command: string;
}

type Where = Pick<DockerArguments, 'docker_host' | 'tls' | 'validate_certs' | 'ca_cert' | 'client_cert' | 'client_key'>;

/** The docker command of the target, pointed at the engine that the arguments name. */
export const dockerCommand = (args: Where, program = 'docker'): Script => {
  const path = (option: string, value: string | undefined): Script =>
    value === undefined ? sh`` : sh` ${option} ${expandedWord(value)}`;
  const tls = args.validate_certs ? sh` --tlsverify` : args.tls ? sh` --tls` : sh``;
  const host = args.docker_host === undefined ? sh`` : sh` --host ${args.docker_host}`;
  return sh`${program}${host}${tls}${path('--tlscacert', args.ca_cert)}${path('--tlscert', args.client_cert)}${path('--tlskey', args.client_key)}`;
};

/** Runs a command of docker's on the target. Fails where there is no docker command. */
export const runDocker = async (command: Script, context: ModuleContext): Promise<CliReply> => {
  const { code, stdout, stderr } = await context.target.run(
    sh`command -v docker >/dev/null || { echo "the docker command is needed on the host for this" >&2; exit 127; }\n${command}`,
    { onOutput: context.output, signal: context.signal },
  );
  const reply = {
    code,
    stdout: stdout.toString(),
    stderr: withoutNotice(stderr.toString()),
    command: command.text.split('\n').at(-1)!,
  };
  if (code === 127) throw new ModuleFailure(reply.stderr.trim());
  return reply;
};

/** What docker says of its own parts before it builds with the one that it has is no news to whoever runs a playbook. */
const withoutNotice = (text: string): string =>
  text.replace(/^(?:WARNING|DEPRECATED): The legacy builder .*\n(?:[ \t]+.*\n)*\n*/m, '');

/** The failure of a command of docker's; `path` is what its script calls $m_path. */
export const cliFailure = (what: string, { code, stdout, stderr, command }: CliReply, path = ''): ModuleFailure =>
  new ModuleFailure(`${what}: ${stderr.trim() || stdout.trim()}`, {
    cmd: command.replaceAll('"$m_path"', quote(path)),
    rc: code,
    ...outputValues(stdout, stderr),
  });
