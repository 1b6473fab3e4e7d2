import { createHash, randomBytes } from 'node:crypto';

/** The Authorization header that answers a server's WWW-Authenticate, or undefined when it offers nothing that we know. */
export const answerChallenge = (
  challenges: readonly string[],
  login: { user: string; password: string },
  method: string,
  url: string,
): string | undefined => {
  const digest = challenges.find((challenge) => /^digest\b/i.test(challenge));
  if (digest !== undefined) return answerDigest(digest, login, method, url);
  return challenges.some((challenge) => /^basic\b/i.test(challenge)) ? basicAuthorization(login) : undefined;
};

/** The Authorization header of a basic login. */
export const basicAuthorization = ({ user, password }: { user: string; password: string }): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const algorithms: Readonly<Record<string, string>> = { MD5: 'md5', SHA: 'sha1', 'SHA-256': 'sha256' };

const answerDigest = (
  challenge: string,
  { user, password }: { user: string; password: string },
  method: string,
  url: string,
): string | undefined => {
  const fields = new Map<string, string>();
  for (const [, name, quoted, plain] of challenge.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    fields.set(name!.toLowerCase(), quoted ?? plain ?? '');
  }
  const algorithm = fields.get('algorithm') ?? 'MD5';
  const hashName = algorithms[algorithm.toUpperCase()];
  const qop = fields
    .get('qop')
    ?.split(',')
    .map((word) => word.trim())
    .includes('auth')
    ? 'auth'
    : undefined;
  if (hashName === undefined || (fields.has('qop') && qop === undefined)) return undefined;
  const hash = (text: string): string => createHash(hashName).update(text).digest('hex');
  const { pathname, search } = new URL(url);
  const uri = pathname + search;
  const nonce = fields.get('nonce') ?? '';
  const realm = fields.get('realm') ?? '';
  const cnonce = randomBytes(8).toString('hex');
  const secret = hash(`${user}:${realm}:${password}`);
  const what = hash(`${method}:${uri}`);
  const response = qop
    ? hash(`${secret}:${nonce}:00000001:${cnonce}:auth:${what}`)
    : hash(`${secret}:${nonce}:${what}`);
  return [
    `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`,
    fields.has('opaque') ? `opaque="${fields.get('opaque')}"` : '',
    fields.has('algorithm') ? `algorithm="${algorithm}"` : '',
    qop ? `qop=auth, nc=00000001, cnonce="${cnonce}"` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
};
