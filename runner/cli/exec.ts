import { Command } from 'commander';
import { findTaskProblems, runPlaybooks } from '../engine/index.ts';
import { MusterError, SourceError } from '../errors/index.ts';
import { adHocOutput, jsonLines, standardScreen } from '../output/index.ts';
import { loadPlayValue, loadYaml, type PlayNode } from '../playbook/index.ts';
import { type Dict, dict, Template, type Value } from '../values/index.ts';
import { parseCommand } from './parse-command.ts';
import { addCommonOptions, withAliases } from './run-options.ts';
import { openSession, type Session } from './session.ts';

/** `muster exec PATTERN -m MODULE -a ARGS`: one task on some hosts, without a playbook. */
export const exec = async (args: readonly string[]): Promise<number> => {
  const command = addCommonOptions(
    new Command('muster exec')
      .description('Runs one module on some hosts.')
      .argument('<pattern>', 'hosts')
      .option('-m, --module-name <name>', 'the module', 'command')
      .option('-a, --args <arguments>', "the module's arguments: key=value, or JSON", ''),
  );
  const parsed = parseCommand(command, args);
  if (typeof parsed === 'number') return parsed;
  const flags = withAliases(parsed.options);
  const { moduleName, args: text } = parsed.options as { moduleName: string; args: string };
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const session = await openSession({
    flags,
    playbooks: [],
    signal: interrupt.signal,
    subscribe: (bus, config) => {
      const screen = standardScreen({ noColor: config.noColor, forceColor: config.forceColor });
      bus.subscribe(
        flags.output?.includes('jsonl')
          ? jsonLines(screen.write)
          : adHocOutput(screen, flags.verbose ?? config.verbosity),
      );
    },
  });
  try {
    const play = await loadTask(playOf(parsed.args[0]!, moduleName, text), session);
    if (session.context.catalog.select(parsed.args[0]!).length === 0) {
      throw new MusterError({
        message: `no hosts match '${parsed.args[0]}'`,
        hint: "'muster inventory --graph' shows them",
      });
    }
    return await runPlaybooks(session.context, [{ file: source, plays: [play] }], session.constants);
  } finally {
    await session.close();
  }
};

// What stands for the file that the play is in.
const source = 'muster exec';

/** The play of the task, once nothing is wrong with it. What is wrong has no place but those in --args. */
const loadTask = async (value: Dict, session: Session): Promise<PlayNode> => {
  try {
    const play = loadPlayValue(value, source, session.loading);
    const problems = await findTaskProblems([play], session.context.module);
    if (problems.length > 0) throw new SourceError(problems);
    return play;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new SourceError(
      error.problems.map((problem) =>
        problem.origin?.file.endsWith(source) ? { ...problem, origin: undefined } : problem,
      ),
    );
  }
};

const playOf = (pattern: string, module: string, text: string): Dict =>
  dict({
    name: source,
    hosts: pattern,
    gather_facts: false,
    tasks: [dict({ [module]: argumentsOf(text) })],
  });

/** JSON is a mapping of arguments, anything else is written as behind a module's name in a playbook. */
const argumentsOf = (text: string): Value =>
  text.trim() === '' ? null : /^\s*\{(?!\{)/.test(text) ? loadYaml(text, '--args') : Template.of(text);
