import type { Script, Target } from '../../../connection/index.ts';
import { exchangeByCurl, skippedCode } from './curl.ts';
import { exchangeByForward } from './forward.ts';
import type { HttpReply, HttpRequest } from './types.ts';

const withoutCurl = new WeakSet<Target>();

/** Thrown when the script in front of a request decided that there is to be none; holds what it printed. */
export class RequestSkipped extends Error {}

/** One request from the target: by its curl, or through a connection forwarded by its sshd where it has none. */
export const exchange = async (request: HttpRequest, target: Target, guard?: Script): Promise<HttpReply> => {
  if (!withoutCurl.has(target)) {
    const outcome = await exchangeByCurl(request, target, guard);
    if (outcome.kind === 'reply') return outcome.reply;
    if (outcome.kind === 'skipped') throw new RequestSkipped(outcome.said);
    withoutCurl.add(target);
  } else if (guard) {
    const { code, stdout } = await target.run(guard);
    if (code === skippedCode) throw new RequestSkipped(stdout.toString());
  }
  return exchangeByForward(request, target);
};
