import { ModuleFailure } from '../../../../errors/index.ts';

/** The variables of a file with one NAME=value a line. */
export const readEnvFile = (text: string): Map<string, string> => {
  const variables = new Map<string, string>();
  for (const line of text.split('\n')) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const at = entry.indexOf('=');
    if (at === -1) throw new ModuleFailure(`Invalid line in environment file:\n${entry}`);
    variables.set(entry.slice(0, at), entry.slice(at + 1));
  }
  return variables;
};
