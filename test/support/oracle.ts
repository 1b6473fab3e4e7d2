import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const unstable = new Set(['start', 'end', 'delta', 'invocation', '_ansible_no_log', 'action', 'elapsed', 'warnings']);

/** What ansible-core says to one module call on this machine, without what differs from run to run. */
export const runAnsible = async (
  module: string,
  args: Record<string, unknown>,
  options: readonly string[] = [],
): Promise<Record<string, unknown>> => {
  const { stdout } = await promisify(execFile)(
    'ansible',
    ['localhost', '-m', module, '-a', JSON.stringify(args), ...options],
    { env: { ...process.env, ANSIBLE_LOAD_CALLBACK_PLUGINS: '1', ANSIBLE_STDOUT_CALLBACK: 'json' } },
  ).catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout.slice(stdout.indexOf('{')));
  return withoutUnstable(report.plays[0].tasks[0].hosts.localhost);
};

export const withoutUnstable = (result: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(result).filter(([name]) => !unstable.has(name)));
