import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { Scopes } from '../engine/scopes.ts';
import { MusterError } from '../errors/index.ts';
import { standardScreen } from '../output/index.ts';
import { dumpJson } from '../values/index.ts';
import { parseCommand } from './parse-command.ts';
import { addCommonOptions, hideOptions, withAliases } from './run-options.ts';
import { openSession } from './session.ts';

/** `muster template FILE` or `muster template --expression TEXT`: what something renders to with a host's variables. */
export const template = async (args: readonly string[]): Promise<number> => {
  const command = addCommonOptions(
    new Command('muster template')
      .description('Shows what a template file, or an expression, renders to.')
      .argument('[file]', 'a template')
      .option('-x, --expression <text>', 'an expression, such as `groups.web | length`')
      .option('-H, --host <name>', 'whose variables to render with', 'localhost'),
  );
  const means =
    /^--(expression|host|inventory|limit|extra-vars|secret|vault-id|vault-password-file|ask-vault-password)$/;
  const parsed = parseCommand(
    hideOptions(command, (long) => !means.test(long)),
    args,
  );
  if (typeof parsed === 'number') return parsed;
  const { expression, host } = parsed.options as { expression?: string; host: string };
  const [file] = parsed.args;
  if ((file === undefined) === (expression === undefined)) {
    throw new MusterError({
      message: file === undefined ? 'there is nothing to render' : 'a file and an expression at once',
      expected: 'a file, or --expression with its text',
    });
  }
  if (expression !== undefined && /^\s*\{\{.*\}\}\s*$/s.test(expression)) {
    throw new MusterError({
      message: '--expression has braces around it',
      expected: 'an expression, such as groups.web | length',
      hint: 'leave {{ and }} out, or render a file',
    });
  }
  const screen = standardScreen({ noColor: false, forceColor: false });
  const session = await openSession({
    flags: withAliases(parsed.options),
    playbooks: [resolve(file ?? 'playbook')],
    signal: new AbortController().signal,
    subscribe: (bus) => {
      bus.subscribe((event) => void (event.type === 'warning' && screen.warn(`warning: ${event.message}\n`)));
    },
  });
  try {
    const scope = new Scopes(session.context, session.constants).of(host);
    if (expression !== undefined) {
      const value = session.templar.evaluate(expression, scope);
      screen.write(
        `${session.secrets.mask(typeof value === 'string' ? value : dumpJson(value, { indent: 4, ensureAscii: false }))}\n`,
      );
    } else {
      if (!existsSync(file!))
        throw new MusterError({ message: `there is no template ${file}`, hint: `paths count from ${process.cwd()}` });
      const text = readFileSync(file!, 'utf8');
      const path = resolve(file!);
      screen.write(
        session.secrets.mask(session.templar.renderFile(text, scope, { file: path, searchPath: [dirname(path)] })),
      );
    }
    return 0;
  } finally {
    await session.close();
  }
};
