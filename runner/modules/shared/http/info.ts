import type { Target } from '../../../connection/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import { type Fetched, type FetchRequest, fetchUrl } from './fetch.ts';
import { HttpFailure, headerOf } from './types.ts';

/** What a fetch came to, as results show it: status, msg, url, cookies and every header. */
export interface FetchInfo {
  readonly status: number;
  readonly msg: string;
  readonly url: string;
  /** Headers by their lower-case names, and cookies. */
  readonly values: ResultObject;
  /** Undefined when nobody answered; the status is -1 then. */
  readonly reply: Fetched | undefined;
  /** Whole seconds. */
  readonly elapsed: number;
}

/** Fetches, and words what came of it as Ansible does; a server that does not answer is no exception here. */
export const fetchInfo = async (request: FetchRequest, target: Target): Promise<FetchInfo> => {
  const began = Date.now();
  const elapsed = (): number => Math.floor((Date.now() - began) / 1000);
  try {
    const reply = await fetchUrl(request, target);
    const { status, reason, cookies, isSuccess } = reply;
    const length = headerOf(reply.headers, 'content-length') ?? 'unknown';
    const cookieValues = {
      cookies: Object.fromEntries(cookies),
      cookies_string: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
    };
    return {
      status,
      msg: isSuccess ? `OK (${length} bytes)` : `HTTP Error ${status}: ${reason}`,
      url: isSuccess ? reply.url : request.url,
      values: { ...headerValues(reply), ...(isSuccess ? cookieValues : {}) },
      reply,
      elapsed: elapsed(),
    };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return { status: -1, msg: error.message, url: request.url, values: {}, reply: undefined, elapsed: elapsed() };
  }
};

const headerValues = (reply: Fetched): ResultObject => {
  const values: ResultObject = Object.create(null);
  for (const [name] of reply.headers) {
    const key = name.toLowerCase();
    values[key] = headerOf(reply.headers, key);
  }
  return { ...values };
};

/** Whether the reply's body is packed. */
export const isGzipped = (reply: Fetched): boolean =>
  headerOf(reply.headers, 'content-encoding')?.toLowerCase() === 'gzip';

/** The name that the reply's file should have in a folder. */
export const fileNameOf = (reply: Fetched): string | undefined =>
  /attachment; ?filename="?([^"]+)/
    .exec(headerOf(reply.headers, 'content-disposition') ?? '')?.[1]
    ?.split('/')
    .at(-1);
