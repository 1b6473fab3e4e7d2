import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MusterError } from '../../errors/index.ts';

/** How an editor is called for a place `file:line:column`, by what is usual of it. */
export const editorCommand = (place: string, env: NodeJS.ProcessEnv): readonly string[] => {
  const [, file = place, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/s.exec(place) ?? [];
  const words = (env.VISUAL || env.EDITOR || 'vi').split(/\s+/).filter(Boolean);
  const name = words[0]!.replace(/^.*\//, '');
  if (line === undefined) return [...words, file];
  if (/^(code|codium|cursor|windsurf)$/.test(name)) return [...words, '--goto', `${file}:${line}`];
  if (/^(subl|hx|helix|zed|micro)$/.test(name))
    return [...words, name === 'micro' ? `+${line}` : `${file}:${line}`, ...(name === 'micro' ? [file] : [])];
  // vi, vim, nvim, nano, emacs, kak, joe, less … take it in this form.
  return [...words, `+${line}`, file];
};

/** Lends the terminal to a program until it ends. */
export const runEditor = async ([command, ...args]: readonly string[]): Promise<void> => {
  const child = spawn(command!, args, { stdio: 'inherit' });
  try {
    await once(child, 'exit');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such program' : (error as Error).message;
    throw new MusterError({
      message: `the editor ${command} cannot be started: ${reason}`,
      hint: 'EDITOR names another',
    });
  }
};
