import type { PlayNode, VarsPrompt } from '../playbook/tree.ts';
import { type Dict, dict, Template, toText } from '../values/index.ts';
import type { RunContext } from './context.ts';

/** Asks for the play's `vars_prompt`, but for those that the command line gives. */
export const askVariables = async (context: RunContext, node: PlayNode): Promise<Dict> => {
  const answers: Dict = new Map();
  for (const prompt of node.varsPrompt) {
    if (context.store.extraVars.has(prompt.name)) continue;
    const answer = await askOne(context, prompt);
    if (prompt.private && answer !== '') context.addSecret(answer);
    // Unless the play says unsafe, an answer may hold an expression.
    answers.set(prompt.name, prompt.unsafe ? answer : Template.of(answer, node.origin));
  }
  return answers;
};

const askOne = async (context: RunContext, prompt: VarsPrompt): Promise<string> => {
  const fallback = prompt.default === undefined ? undefined : toText(prompt.default);
  // Where nobody can be asked, the default has to do.
  if (!context.prompter.isInteractive) return encrypted(context, prompt, fallback ?? '');
  const answer = await context.prompter.ask({
    text: prompt.prompt === undefined ? prompt.name : toText(prompt.prompt),
    isSecret: prompt.private,
    default: fallback,
    confirm: prompt.confirm,
  });
  return encrypted(context, prompt, answer);
};

const encrypted = (context: RunContext, prompt: VarsPrompt, answer: string): string => {
  if (prompt.encrypt === undefined || answer === '') return answer;
  context.addSecret(answer);
  const scope = { get: () => undefined, names: () => [], rendered: new Map() };
  const salt = dict({ salt: prompt.salt });
  return toText(
    context.templar.callFilter('password_hash', answer, [prompt.encrypt], salt, { scope, engine: context.templar }),
  );
};
