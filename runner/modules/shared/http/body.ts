import { randomInt } from 'node:crypto';
import { ModuleFailure } from '../../../errors/index.ts';
import { dumpJson } from '../../../values/dump-json.ts';
import { toText, type Value } from '../../../values/index.ts';

export type BodyFormat = 'raw' | 'json' | 'form-urlencoded' | 'form-multipart';

/** A request's body and the Content-Type that goes with its format. */
export interface PreparedBody {
  readonly bytes: Buffer | undefined;
  readonly contentType: string | undefined;
}

/** Puts a body into its format; `read` fetches the files that a form names. */
export const prepareBody = async (
  body: Value | undefined,
  format: BodyFormat,
  read: (path: string) => Promise<Buffer>,
): Promise<PreparedBody> => {
  if (format === 'form-multipart') return multipart(body, read);
  const given = body ?? null;
  if (format === 'json') {
    return { bytes: Buffer.from(typeof given === 'string' ? given : dumpJson(given)), contentType: 'application/json' };
  }
  if (format === 'form-urlencoded') {
    return { bytes: Buffer.from(urlEncoded(given)), contentType: 'application/x-www-form-urlencoded' };
  }
  return { bytes: given === null ? undefined : Buffer.from(toText(given)), contentType: undefined };
};

const urlEncoded = (body: Value): string => {
  if (typeof body === 'string') return body;
  const pairs =
    body instanceof Map ? [...body] : Array.isArray(body) ? body.map((pair) => pair as [Value, Value]) : undefined;
  if (!pairs?.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new ModuleFailure('failed to parse body as form_urlencoded: too many values to unpack (expected 2)');
  }
  return pairs
    .flatMap(([key, values]) => (Array.isArray(values) ? values : [values]).map((value) => [key, value] as const))
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${quotePlus(toText(key))}=${quotePlus(toText(value))}`)
    .join('&');
};

/** Python's quote_plus. */
const quotePlus = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

const multipart = async (body: Value | undefined, read: (path: string) => Promise<Buffer>): Promise<PreparedBody> => {
  if (!(body instanceof Map)) {
    throw new ModuleFailure('failed to parse body as form-multipart: a mapping of fields is needed');
  }
  const boundary = `===============${String(randomInt(2 ** 47)).padStart(19, '0')}==`;
  const fields = [...body].map(([name, value]) => [toText(name), value] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts: Buffer[] = [];
  for (const [name, value] of fields) {
    parts.push(Buffer.from(`--${boundary}\r\n`), await part(name, value, read), Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { bytes: Buffer.concat(parts), contentType: `multipart/form-data; boundary="${boundary}"` };
};

const part = async (name: string, value: Value, read: (path: string) => Promise<Buffer>): Promise<Buffer> => {
  if (typeof value !== 'string' && !(value instanceof Map)) {
    throw new ModuleFailure(
      `failed to parse body as form-multipart: the field ${name} must be text or a mapping with content or filename`,
    );
  }
  if (typeof value === 'string') return partOf('text/plain', name, undefined, Buffer.from(value));
  const text = (key: string): string | undefined => {
    const found = value.get(key);
    return found === undefined || found === null ? undefined : toText(found);
  };
  const filename = text('filename');
  const content = text('content');
  if (!filename && !content) {
    throw new ModuleFailure(
      'failed to parse body as form-multipart: at least one of filename or content must be provided',
    );
  }
  const type = text('mime_type') ?? guessType(filename ?? '');
  if (content) return partOf(type, name, filename, Buffer.from(content));
  const encoded = (await read(filename!)).toString('base64').replace(/.{76}/g, '$&\r\n');
  return partOf(type, name, filename, Buffer.from(`${encoded}\r\n`), 'Content-Transfer-Encoding: base64\r\n');
};

const partOf = (type: string, name: string, filename: string | undefined, content: Buffer, extra = ''): Buffer => {
  const file = filename === undefined ? '' : `; filename="${escapeQuotes(filename.split('/').at(-1)!)}"`;
  return Buffer.concat([
    Buffer.from(
      `${extra}Content-Type: ${type}\r\nContent-Disposition: form-data; name="${escapeQuotes(name)}"${file}\r\n\r\n`,
    ),
    content,
  ]);
};

const escapeQuotes = (text: string): string => text.replace(/[\r\n]/g, ' ').replace(/["\\]/g, '\\$&');

const types: Readonly<Record<string, string>> = {
  bz2: 'application/x-bzip2',
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  gz: 'application/gzip',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  py: 'text/x-python',
  sh: 'application/x-sh',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  txt: 'text/plain',
  xml: 'text/xml',
  zip: 'application/zip',
};

const guessType = (filename: string): string => {
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(types, extension) ? types[extension] : undefined) ?? 'application/octet-stream';
};
