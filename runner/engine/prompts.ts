import { readBoolean } from '../modules/index.ts';
import type { PlayNode } from '../playbook/tree.ts';
import type { Scope } from '../template/types.ts';
import { type Dict, Template, toText, type Value } from '../values/index.ts';
import type { RunContext } from './context.ts';

/**
 * Asks for the play's `vars_prompt`, but for those that the command line gives. `scope` has the play's other
 * variables. Answers that are no secrets are taken from the run that is resumed.
 */
export const askVariables = async (context: RunContext, node: PlayNode, play: number, scope: Scope): Promise<Dict> => {
  const answers: Dict = new Map();
  for (const { name, options } of node.varsPrompt) {
    if (context.store.extraVars.has(name)) continue;
    const prompt = readPrompt(name, context.templar.render(options, scope) as Dict);
    const isKept = !prompt.isPrivate && prompt.encrypt === undefined;
    const known = isKept ? context.journal?.past?.answerTo(play, name) : undefined;
    const answer = known ?? (await askOne(context, name, prompt, scope));
    if (isKept && known === undefined && !context.journal?.isSecret(answer)) {
      context.journal?.write({ type: 'answer', play, name, answer });
    }
    if (prompt.isPrivate && answer !== '' && answer !== prompt.fallback) context.addSecret(answer);
    // Unless the play says unsafe, an answer may hold an expression.
    answers.set(name, prompt.isUnsafe ? answer : Template.of(answer, node.origin));
  }
  return answers;
};

interface Prompt {
  readonly question: string;
  readonly fallback: string | undefined;
  readonly isPrivate: boolean;
  readonly isConfirmed: boolean;
  readonly isUnsafe: boolean;
  /** The kind of hash to make of the answer, with the arguments of the filter that makes it. */
  readonly encrypt: Value | undefined;
  readonly salting: Dict;
}

const readPrompt = (name: string, options: Dict): Prompt => {
  const given = (key: string): Value | undefined => options.get(key) ?? undefined;
  const flag = (key: string, otherwise: boolean): boolean => readBoolean(given(key) ?? otherwise) ?? otherwise;
  const question = toText(given('prompt') ?? name);
  const salting = ['salt', 'salt_size'].flatMap((key): [Value, Value][] => {
    const value = given(key);
    return value === undefined ? [] : [[key, value]];
  });
  return {
    question: question === '' ? `input for ${name}` : question,
    fallback: given('default') === undefined ? undefined : toText(given('default')!),
    isPrivate: flag('private', true),
    isConfirmed: flag('confirm', false),
    isUnsafe: flag('unsafe', false),
    encrypt: given('encrypt'),
    salting: new Map(salting),
  };
};

const askOne = async (context: RunContext, name: string, prompt: Prompt, scope: Scope): Promise<string> => {
  const { question, fallback, isPrivate, isConfirmed, encrypt } = prompt;
  let answer: string | undefined;
  if (context.prompter.isInteractive) {
    answer = await context.prompter.ask({
      name,
      text: question,
      isSecret: isPrivate,
      default: fallback,
      confirm: isConfirmed,
    });
  } else {
    context.warn('Not prompting as we are not in interactive mode');
    answer = fallback;
  }
  if (encrypt === undefined || encrypt === '' || answer === undefined || answer === '') return answer ?? 'None';
  context.addSecret(answer);
  const { templar } = context;
  return toText(templar.callFilter('password_hash', answer, [encrypt], prompt.salting, { scope, engine: templar }));
};
