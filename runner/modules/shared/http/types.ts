/** One HTTP request as it goes out from the target; redirects and logins are the caller's business. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: HttpBody | undefined;
  /** Seconds without progress after which it is given up. */
  readonly timeout: number;
  readonly validateCerts: boolean;
  readonly caPath?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly ciphers?: string | undefined;
  readonly unixSocket?: string | undefined;
  readonly useProxy: boolean;
  readonly useNetrc: boolean;
  readonly useGssapi: boolean;
  /** A file on the target that gets the body, instead of the reply. */
  readonly saveTo?: string | undefined;
}

/** What a request carries: bytes, or a file that is on the target already. */
export type HttpBody = Buffer | { readonly path: string };

export interface HttpReply {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Empty when the body was saved to a file. */
  readonly body: Buffer;
}

/** No reply came; the message is worded as Ansible's. */
export class HttpFailure extends Error {}

/** The values of one header, joined; undefined when there is none. */
export const headerOf = (headers: HttpReply['headers'], name: string): string | undefined => {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
};
