import type { Hook, SecretText } from '../types.ts';
import type { HookReport } from './report.ts';

/** Sends a report to a web server. Throws when it is not taken; what is thrown tells no address: those hold secrets. */
export const callWebhook = async (
  report: HookReport,
  hook: Extract<Hook, { kind: 'webhook' }>,
  reveal: (text: SecretText) => Promise<string>,
): Promise<void> => {
  const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'muster' });
  for (const [name, value] of hook.headers) headers.set(name, await reveal(value));
  const response = await fetch(await reveal(hook.url), {
    method: hook.method,
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(hook.timeout),
    ...(hook.method !== 'GET' && { body: JSON.stringify(report) }),
  }).catch((error: unknown) => {
    throw new Error(whyUnanswered(error));
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
};

const whyUnanswered = (error: unknown): string => {
  if (error instanceof Error && error.name === 'TimeoutError') return 'the server did not answer in time';
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code ? `the server cannot be reached: ${cause.code}` : 'the server cannot be reached';
};
