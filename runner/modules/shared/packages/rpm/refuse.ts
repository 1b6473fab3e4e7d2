import { ModuleFailure } from '../../../../errors/index.ts';
import { outputValues } from '../../commands/decode.ts';
import type { ToolResult } from './tool.ts';

/** Fails as Ansible words it, when a run did; `specs` are what it was for. */
export const refuseTool = (
  result: ToolResult,
  what: 'install' | 'remove',
  specs: readonly string[],
  check: boolean,
): void => {
  const said = result.stdout + result.stderr;
  const isAborted = check && /Operation aborted|Exiting on user command/.test(said);
  if (result.code === 0 || isAborted) return;
  const rest = { cmd: result.command, rc: result.code, results: [], ...outputValues(result.stdout, result.stderr) };
  // Where no repository is used, nothing can be found.
  const failures = result.error.startsWith('There are no enabled repositories')
    ? specs.map((spec) => `No package ${spec} available.`)
    : [...result.unmatched.values()];
  if (failures.length > 0 && what === 'install') {
    throw new ModuleFailure('Failed to install some of the specified packages', { ...rest, failures });
  }
  throw new ModuleFailure(messageOf(result), rest);
};

const messageOf = ({ error, stdout, stderr }: ToolResult): string => {
  const said = `${stdout}\n${stderr}`;
  const group = /^Module or Group '(.+)' is not available\.$/m.exec(said)?.[1];
  if (group !== undefined) return `No group ${group} available.`;
  if (/^\s*Problem/.test(error)) return `Depsolve Error occurred: ${error}`;
  const [unsigned, name] = /^.*?(\S+)\.rpm is not (?:signed|installed).*$/m.exec(said) ?? [];
  if (error === 'GPG check FAILED' && unsigned !== undefined) {
    return `Failed to validate GPG signature for ${name}: ${unsigned}`;
  }
  if (/^Transaction /.test(error)) return `Unknown Error occurred: ${error}\n`;
  if (/^Config error: Config file .* does not exist/m.test(stderr)) return 'cannot read configuration file';
  return error.trim() || stderr.replace(/^Unable to detect release version.*\n/m, '').trim() || stdout.trim();
};
