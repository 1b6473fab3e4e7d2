import { InterruptedError, MusterError } from '../../errors/index.ts';
import type { TaskNode } from '../../playbook/tree.ts';
import { readLiteral } from '../../template/python/index.ts';
import { type Dict, dict, Template, toText, toValue, type Value } from '../../values/index.ts';
import { LayeredScope, ScopeVars } from '../../variables/index.ts';
import { taskName } from '../announce.ts';
import { shownResult } from '../task/result.ts';
import type { Outcome, TaskRun } from '../task/task-run.ts';

const help = `p EXPRESSION                   shows a value: task, task.args, task_vars['name'], host, result._result
task.args['name'] = VALUE      gives the task another argument
task_vars['name'] = VALUE      gives a variable another value
del task.args['name']          takes an argument away
u, update_task                 takes changes of the arguments back
r, redo                        runs the task again
c, continue                    goes on
q, quit                        ends the run
h, help                        shows this`;

/** What was changed at the prompt. */
interface Changes {
  task: TaskNode;
  readonly variables: Dict;
}

/** Talks about a task that has ended on a host. Resolves with what is to be run again; with nothing, the play goes on. */
export const converse = async (original: TaskNode, outcome: Outcome): Promise<TaskRun | undefined> => {
  const { run } = outcome;
  const { prompter, bus } = run.context;
  const changes: Changes = { task: run.task, variables: new Map(run.overrides ?? []) };
  const prompt = `[${run.host}] TASK: ${taskName(run.task, (value) => value)} (debug)> `;
  bus.emit({ type: 'waiting', task: run.id, host: run.host, message: 'in the debugger; h tells what it understands' });
  for (;;) {
    const line = (await prompter.command(prompt))?.trim();
    const [word = '', rest = ''] = split(line ?? 'q');
    if (word === 'q' || word === 'quit') throw new InterruptedError('User interrupted execution');
    if (word === 'c' || word === 'continue') return undefined;
    if (word === 'r' || word === 'redo') return { ...run, task: changes.task, overrides: changes.variables };
    if (word === 'u' || word === 'update_task') changes.task = original;
    else if (word === 'h' || word === 'help' || word === '?') prompter.tell(help);
    else if (word !== '')
      attempt(outcome, changes, word === 'p' || word === 'pprint' ? { show: rest } : { change: line! });
  }
};

const split = (line: string): string[] => /^(\S+)\s*(.*)$/s.exec(line)?.slice(1) ?? [];

/** Does what a line asks for; what is wrong with it is said, and nothing changes. */
const attempt = (outcome: Outcome, changes: Changes, line: { show: string } | { change: string }): void => {
  const { prompter } = outcome.run.context;
  try {
    if ('show' in line) prompter.tell(show(outcome, changes, line.show));
    else change(outcome, changes, line.change);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    prompter.tell(`*** ${error.message}`);
  }
};

const place = String.raw`(task\.args|task_vars)\[\s*(?:'([^']+)'|"([^"]+)")\s*\]`;
const assignment = new RegExp(`^${place}\\s*=(?!=)\\s*(.+)$`, 's');
const deletion = new RegExp(`^del\\s+${place}$`);

/** An assignment to an argument or a variable, or the deletion of an argument. */
const change = (outcome: Outcome, changes: Changes, line: string): void => {
  const [, assigned, single, double, expression] = assignment.exec(line) ?? [];
  const [, deleted, one, other] = deletion.exec(line) ?? [];
  if (assigned !== undefined) {
    const name = (single ?? double)!;
    const literal = readLiteral(expression!, false);
    const value = literal === undefined ? evaluate(outcome, changes, expression!) : asWritten(literal);
    if (assigned === 'task_vars') changes.variables.set(name, value);
    else changes.task = withArguments(changes.task, [...changes.task.args, [name, value]]);
  } else if (deleted === 'task.args') {
    const name = (one ?? other)!;
    changes.task = withArguments(
      changes.task,
      [...changes.task.args].filter(([key]) => key !== name),
    );
  } else if (deleted === 'task_vars') changes.variables.delete((one ?? other)!);
  else throw new MusterError(`'${line}' is nothing that the debugger knows; h shows what it does`);
};

const withArguments = (task: TaskNode, args: readonly (readonly [Value, Value])[]): TaskNode => ({
  ...task,
  args: new Map(args),
});

/** Text that is typed here is a source like a playbook: it may hold templates. */
const asWritten = (value: Value): Value => {
  if (typeof value === 'string') return Template.of(value);
  if (Array.isArray(value)) return value.map(asWritten);
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, asWritten(item)])) : value;
};

const show = (outcome: Outcome, changes: Changes, expression: string): string => {
  const { templar } = outcome.run.context;
  const value = evaluate(outcome, changes, expression);
  return toText(templar.callFilter('pprint', value, [], new Map(), { scope: new LayeredScope([]), engine: templar }));
};

const evaluate = ({ run, result, noLog }: Outcome, { task, variables }: Changes, expression: string): Value => {
  const { templar } = run.context;
  const seen = run.scopes.of(run.host, run.play, task).with(variables);
  const scope = new LayeredScope([
    dict({
      task: dict({ name: sourceOf(task.name ?? ''), action: task.action, args: sourceOf(task.args) }),
      task_vars: new ScopeVars(seen, templar, ['vars']),
      host: run.host,
      result: dict({ _result: noLog ? toValue(shownResult(result, true)) : result }),
    }),
  ]);
  const value = templar.evaluate(expression, scope);
  return templar.render(value, scope);
};

/** Templates as the text that they are: they are shown before they are rendered. */
const sourceOf = (value: Value): Value => {
  if (value instanceof Template) return value.source;
  if (Array.isArray(value)) return value.map(sourceOf);
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, sourceOf(item)])) : value;
};
