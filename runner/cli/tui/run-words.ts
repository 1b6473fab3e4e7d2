import { Command } from 'commander';
import { MusterError } from '../../errors/index.ts';
import type { RunRequest } from '../../tui/sources/run-request.ts';
import { parseCommand } from '../parse-command.ts';
import { addCommonOptions, addPlaybookOptions } from '../run-options.ts';

/** Options as commander gives them, by the names of their flags. */
export type Options = Readonly<Record<string, unknown>>;

/** A command of its own for each parse: commander keeps what it parsed. */
const runOptions = (): Command =>
  addPlaybookOptions(addCommonOptions(new Command('muster run').argument('[playbook...]')));

/** The options and playbooks of words behind `muster run`. */
export const readWords = (
  words: readonly string[],
): { readonly options: Options; readonly playbooks: readonly string[] } => {
  const parsed = parseCommand(runOptions(), words);
  if (typeof parsed === 'number') throw new MusterError('these words ask for help, and run nothing');
  return { options: parsed.options, playbooks: parsed.args };
};

/** The words behind `muster run` that a request stands for; `base` are the options that hold for all runs. */
export const wordsOf = (request: RunRequest, base: Options): string[] => {
  const repeated = request.repeats && readWords(request.repeats);
  const { tui: _tui, ...before } = repeated ? repeated.options : base;
  const options: Options = {
    ...before,
    ...(request.inventory && { inventory: request.inventory, inventoryFile: undefined }),
    ...(request.limit !== undefined && { limit: request.limit }),
    ...(request.tags && { tags: request.tags }),
    ...(request.skipTags && { skipTags: request.skipTags }),
    ...(request.check !== undefined && { check: request.check }),
    ...(request.diff !== undefined && { diff: request.diff }),
    ...(request.secretVars && { secret: [...listOf(before.secret), ...request.secretVars] }),
    ...(request.extraVars && { extraVars: [...listOf(before.extraVars), ...request.extraVars] }),
  };
  return [...optionWords(options), ...(repeated ? repeated.playbooks : request.playbooks)];
};

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

/** Options as words that read as the same options again. */
const optionWords = (options: Options): string[] =>
  runOptions().options.flatMap((option): string[] => {
    const value = options[option.attributeName()];
    const name = option.long ?? option.short!;
    if (value === undefined || value === option.negate) return [];
    if (Array.isArray(value)) return (value as string[]).flatMap((one) => [name, one]);
    if (typeof value === 'number') return Array.from({ length: value }, () => name);
    return typeof value === 'string' ? [name, value] : [name];
  });
