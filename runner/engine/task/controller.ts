import { access } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { InterruptedError, ModuleFailure } from '../../errors/index.ts';
import type { Controller } from '../../modules/index.ts';
import type { Scope } from '../../template/types.ts';
import { Template, toText } from '../../values/index.ts';
import { searchPath } from '../search-path.ts';
import { warnOfTemplate } from './conditions.ts';
import type { TaskRun } from './task-run.ts';

/** What a module of this task may ask of the controller. */
export const taskController = (run: TaskRun, scope: Scope): Controller => {
  const { templar, loader, prompter } = run.context;
  const places = searchPath(run.task, run.play);
  return {
    find: async (folder, name) => {
      const found = await findFile(places, folder, name);
      run.ahead?.reading(found);
      return found;
    },
    read: (path, options) => loader.read(path, options?.decrypt ?? true),
    render: (text, { file, vars, ...options }) =>
      templar.renderFile(text, scope, { searchPath: templatePath(places), ...options, file, ...(vars && { vars }) }),
    variable: (name) => {
      const value = scope.get(name);
      return value === undefined ? undefined : templar.render(value, scope);
    },
    setting: (name) => {
      const value = templar.setting?.(name);
      return value === undefined || value === null ? undefined : toText(value);
    },
    keepsTypes: run.context.options.jinja2Native,
    condition: (condition) => {
      warnOfTemplate(run.context, condition);
      return templar.condition(condition, scope);
    },
    isRendered: (argument) => run.task.args.get(argument) instanceof Template,
    evaluate: (expression) => templar.render(new Template(`{{ ${expression} }}`, run.task.origin), scope),
    loadVars: (path) => loader.varsFile(path),
    pause: (message, seconds, echo) => {
      run.context.bus.emit({ type: 'waiting', task: run.id, host: run.host, message });
      return unlessInterrupted(prompter.pause(message, seconds, echo), run.context.stopping);
    },
    job: (id) => run.context.jobs.status(run.host, id),
    addSecret: (text) => run.context.addSecret(text),
  };
};

/** Rejects when the run is asked to stop: nobody waits for a pause then. */
const unlessInterrupted = <T>(work: Promise<T>, stopping: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(new InterruptedError('the run was interrupted'));
    if (stopping.aborted) stop();
    stopping.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => stopping.removeEventListener('abort', stop));
  });

const templatePath = (places: readonly string[]): string[] =>
  places.flatMap((place) => [join(place, 'templates'), place]);

const findFile = async (places: readonly string[], folder: string, name: string): Promise<string> => {
  const expanded = name.startsWith('~/') ? join(process.env.HOME ?? '', name.slice(2)) : name;
  if (isAbsolute(expanded)) return expanded;
  const tried = places.flatMap((place) => [
    ...(expanded.split('/')[0] === folder ? [] : [resolve(place, folder, expanded)]),
    resolve(place, expanded),
  ]);
  for (const candidate of tried) if (await isThere(candidate)) return candidate;
  throw new ModuleFailure(
    `Could not find or access '${name}'\nSearched in:\n${tried.map((path) => `\t${path}`).join('\n')} on the muster controller.`,
  );
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
