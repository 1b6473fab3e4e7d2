import { ModuleFailure } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import { defineAction } from './define.ts';
import { outputValues, stripEnd } from './shared/commands/decode.ts';
import { dockerArguments, dockerRules } from './shared/docker/arguments.ts';
import { EngineError, type JsonObject, part, withEngine } from './shared/docker/engine.ts';
import { readOutput } from './shared/docker/streams.ts';
import { splitWords } from './shared/files/words.ts';

export default defineAction({
  name: 'community.docker.docker_container_exec',
  summary: 'Runs a command in a container of Docker.',
  args: {
    ...dockerArguments,
    container: { type: 'str', required: true, doc: 'The container: its name or id.' },
    argv: { type: 'list', elements: 'str', doc: 'The command, as a list of words.' },
    command: { type: 'str', doc: 'The command, as one text.' },
    chdir: { type: 'str', doc: 'The folder where it runs.' },
    detach: { type: 'bool', default: false, doc: 'Do not wait for its end.' },
    user: { type: 'str', doc: 'Who runs it.' },
    stdin: { type: 'str', doc: 'What it reads from its standard input.' },
    stdin_add_newline: { type: 'bool', default: true, doc: 'Put a newline behind that.' },
    strip_empty_ends: { type: 'bool', default: true, doc: 'Take empty lines off the end of its output.' },
    tty: { type: 'bool', default: false, doc: 'Give it a terminal.' },
    env: { type: 'dict', doc: 'Environment variables; values that are no text have to be quoted.' },
  },
  ...dockerRules,
  mutuallyExclusive: [['argv', 'command']],
  requiredOneOf: [['argv', 'command']],
  returns: {
    rc: 'Its exit code.',
    stdout: 'Its output.',
    stderr: 'Its error output.',
    exec_id: 'With detach, the id of what runs.',
  },
  notes: ['It speaks with the Docker Engine API over the connection of the task'],
  supports: { check: 'none', diff: false },

  run: async (args, context) => {
    if (args.detach && args.stdin !== undefined) {
      throw new ModuleFailure('If detach=true, stdin cannot be provided.');
    }
    const env = [...(args.env ?? [])].map(([name, value]) => {
      if (typeof value === 'string') return `${toText(name)}=${value}`;
      throw new ModuleFailure(
        `Non-string value found for env option. Values that YAML takes for a number, a boolean or nothing must be quoted. Key: ${toText(name)}`,
      );
    });
    const input = args.stdin === undefined ? '' : args.stdin + (args.stdin_add_newline ? '\n' : '');
    return withEngine(args, context, async (engine) => {
      const { container, detach, tty } = args;
      try {
        const { Id } = (await engine.post(`/containers/${part(container)}/exec`, {
          body: {
            User: args.user ?? '',
            Privileged: false,
            Tty: tty,
            AttachStdin: input !== '',
            AttachStdout: true,
            AttachStderr: true,
            Cmd: args.argv ?? splitWords(args.command!),
            ...(args.env && { Env: env }),
            ...(args.chdir !== undefined && { WorkingDir: args.chdir }),
          },
        })) as JsonObject;
        const start = `/exec/${part(String(Id))}/start`;
        const body = { Tty: tty, Detach: detach };
        if (detach) {
          await engine.post(start, { body });
          return { changed: true, exec_id: Id };
        }
        const bytes =
          input === ''
            ? await engine.bytes('POST', start, { body, isSlow: true })
            : await engine.converse(start, body, Buffer.from(input));
        const output = readOutput(bytes, tty);
        const trim = (text: string): string => (args.strip_empty_ends ? stripEnd(text) : text);
        const { ExitCode: code } = (await engine.get(`/exec/${part(String(Id))}/json`)) as JsonObject;
        return { changed: true, ...outputValues(trim(output.stdout), trim(output.stderr)), rc: Number(code ?? 0) };
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        if (error.status === 404) throw new ModuleFailure(`Could not find container "${container}"`);
        if (error.status === 409) {
          throw new ModuleFailure(`The container "${container}" does not run or has been paused (${error.message})`);
        }
        throw error;
      }
    });
  },
});
