import { ModuleFailure } from '../../../errors/index.ts';

/** What the first line of a template file may set, by Jinja2's name, and how the renderer calls it. */
const settings: Readonly<Record<string, string>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  newline_sequence: 'newlineSequence',
  keep_trailing_newline: 'keepTrailingNewline',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
};

const mark = '#jinja2:';

/** Splits a template file into the settings of its `#jinja2: name: value, …` line, where it has one, and the rest. */
export const readTemplateHeader = (
  text: string,
): { readonly options: Record<string, string | boolean>; readonly body: string } => {
  if (!text.startsWith(mark)) return { options: {}, body: text };
  const end = text.indexOf('\n');
  const line = text.slice(mark.length, end === -1 ? text.length : end);
  const options: Record<string, string | boolean> = {};
  for (const pair of line.split(',')) {
    const colon = pair.indexOf(':');
    if (colon === -1) {
      throw new ModuleFailure(
        `failed to parse jinja2 override '${pair.trim()}'. Did you use something different from colon as key-value separator?`,
      );
    }
    const name = settings[pair.slice(0, colon).trim()];
    if (name !== undefined) options[name] = readValue(pair.slice(colon + 1).trim());
  }
  return { options, body: end === -1 ? '' : text.slice(end + 1) };
};

const readValue = (text: string): string | boolean => {
  if (text === 'True' || text === 'False') return text === 'True';
  const quoted = /^(['"])(.*)\1$/s.exec(text)?.[2];
  if (quoted === undefined) throw new ModuleFailure(`failed to parse jinja2 override: ${text} is no Python literal`);
  return quoted.replace(
    /\\([nrt\\'"])/g,
    (_whole, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter,
  );
};
