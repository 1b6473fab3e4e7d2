import { MusterError, TemplateError } from '../../errors/index.ts';
import type { TaskNode } from '../../playbook/tree.ts';
import { rewording } from '../../template/reword.ts';
import type { Scope } from '../../template/types.ts';
import { isOmitted, toText, typeName, type Value } from '../../values/index.ts';
import type { Templating } from '../context.ts';
import { collectKeyword, undefinedIn } from './keywords.ts';

/** The variables that `environment` keywords set for a task; the innermost wins. */
export const taskEnvironment = (task: TaskNode, templar: Templating, scope: Scope): Record<string, string> => {
  const environment: Record<string, string> = {};
  for (const written of collectKeyword(task, 'environment')) {
    const rendered = renderPart(written, task, templar, scope);
    for (const part of Array.isArray(rendered) ? rendered : [rendered]) {
      if (part === null || part === '' || isOmitted(part)) continue;
      if (!(part instanceof Map)) {
        throw new MusterError({
          message: `environment must be a mapping, this is ${typeName(part)} '${toText(part)}'`,
          origin: task.places.get('environment') ?? task.origin,
        });
      }
      for (const [name, value] of part) environment[toText(name)] = toText(value);
    }
  }
  return environment;
};

/** While facts are gathered, what hangs on them is left out. */
const renderPart = (written: Value, task: TaskNode, templar: Templating, scope: Scope): Value => {
  if (written instanceof Map && isGathering(task)) {
    const parts = [...written].map(([name, value]) => [name, renderPart(value, task, templar, scope)] as const);
    return new Map(parts.filter(([, value]) => value !== null));
  }
  try {
    return rewording(undefinedIn('environment'), () => templar.render(written, scope));
  } catch (error) {
    const needsFacts = error instanceof TemplateError && /ansible_env|ansible_facts/.test(error.message);
    if (needsFacts && isGathering(task)) return null;
    throw error;
  }
};

const isGathering = (task: TaskNode): boolean => /\.(setup|gather_facts)$/.test(task.module);
