import { lines, type Script, sh } from '../../../connection/index.ts';
import type { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { ModuleContext, Plan } from '../../define.ts';
import { parseStat, stat } from './file-stat.ts';
import { pathInfo } from './path-info.ts';
import { runScript, StepFailure } from './reply.ts';
import { attributeFailure } from './write.ts';

/** What the file module does to bring a state about. */
export interface FileSteps {
  readonly script: Script;
  /** The file that the result tells about; undefined when there is none any more. */
  readonly path: string | undefined;
  /** How the steps of `script` that are not about attributes are worded when they fail, by their names. */
  readonly failures?: Readonly<Record<string, (reason: string) => ModuleFailure>>;
}

/** Makes the change and tells what stands there afterwards, in one round trip. */
export const applyFileModule = async (plan: Plan<FileSteps>, context: ModuleContext): Promise<ResultObject> => {
  const { script, path, failures } = plan.steps!;
  const look = path === undefined ? undefined : sh`[ ! -e ${path} ] || ${stat} ${path}; printf '\\0'`;
  try {
    const reader = await runScript(context.target, lines(script, look));
    const line = path === undefined ? '' : reader.field();
    return line === '' ? {} : pathInfo(parseStat(line));
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const word = failures?.[error.step];
    throw word ? word(error.reason || error.said) : attributeFailure(error, path);
  }
};
