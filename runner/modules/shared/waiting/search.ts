import { type Script, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import { type PythonRegex, PythonRegexError, pythonRegex } from '../../../values/python-regex.ts';
import { decodeOutput } from '../commands/decode.ts';

/** What a search found, as results show it. */
export interface Found {
  readonly match_groups: (string | null)[];
  readonly match_groupdict: { [name: string]: string | null };
}

export const nothingFound: Found = { match_groups: [], match_groupdict: {} };

/** A regular expression of Python's, by lines. Throws ModuleFailure for one that is none. */
export const compileSearch = (pattern: string): PythonRegex => {
  try {
    return pythonRegex(pattern, { multiline: true });
  } catch (error) {
    if (!(error instanceof PythonRegexError)) throw error;
    throw new ModuleFailure(`Invalid regular expression: ${error.message}`);
  }
};

/** Looks for a pattern in what was read so far. */
export const search = (regex: PythonRegex, bytes: Buffer): Found | undefined => {
  const match = regex.search(decodeOutput(bytes));
  if (!match) return undefined;
  const group = (index: number): string | null => match.groups[index] ?? null;
  return {
    match_groups: match.groups.slice(1).map((_, index) => group(index + 1)),
    match_groupdict: Object.fromEntries([...match.names].map(([name, index]) => [name, group(index)])),
  };
};

/** Reads from a port until the pattern shows, the server ends, or time is up. */
export const searchPort = async (
  to: { host: string; port: number },
  regex: PythonRegex,
  seconds: number,
  target: Target,
): Promise<Found | undefined> => {
  const stream = await target.forward(to).catch(() => undefined);
  if (!stream) return undefined;
  const timer = setTimeout(() => stream.destroy(), seconds * 1000);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      const found = search(regex, Buffer.concat(chunks));
      if (found) return found;
    }
  } catch {
    // A connection that breaks is as good as one that ends.
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
  return undefined;
};

/** Waits on the target until a file is there and differs from `seen`, at most `seconds`; prints its mark and content. */
export const awaitFile = (path: Script, seen: string, seconds: number, sleep: number): Script =>
  sh`m_n=0
while :; do
  m_mark=$(stat -L -c %i/%s/%Y ${path} 2>/dev/null)
  if [ -n "$m_mark" ] && [ "$m_mark" != ${seen} ]; then printf '%s\\n' "$m_mark"; exec cat ${path}; fi
  [ "$m_n" -lt ${Math.floor(seconds)} ] || exit 0
  sleep ${sleep}; m_n=$((m_n + ${Math.max(1, Math.floor(sleep))}))
done`;
