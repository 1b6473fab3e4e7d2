/** A line of an authorized_keys file. */
export interface AuthorizedLine {
  /** What tells it from others: the key itself, or the whole line when it holds none. */
  readonly id: string;
  /** Undefined for a line that holds no key: it stays as it is. */
  readonly type: string | undefined;
  readonly options: readonly KeyOption[];
  readonly comment: string;
  readonly rank: number;
}

/** An option in front of a key; undefined value when it stands alone. */
export type KeyOption = readonly [name: string, value: string | undefined];

const types = new Set([
  'sk-ecdsa-sha2-nistp256@openssh.com',
  'sk-ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'webauthn-sk-ecdsa-sha2-nistp256@openssh.com',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'sk-ssh-ed25519@openssh.com',
  'sk-ssh-ed25519-cert-v01@openssh.com',
  'ssh-ed25519',
  'ssh-ed25519-cert-v01@openssh.com',
  'ssh-dss',
  'ssh-rsa',
  'ssh-xmss@openssh.com',
  'ssh-xmss-cert-v01@openssh.com',
  'rsa-sha2-256',
  'rsa-sha2-512',
  'ssh-rsa-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'ssh-dss-cert-v01@openssh.com',
]);

/** Reads a line; undefined when it holds no key. */
export const parseAuthorizedKey = (line: string, rank: number): AuthorizedLine | undefined => {
  const words = line
    .replaceAll('\\#', '#')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words[0] === '#') return undefined;
  const at = words.findIndex((word) => types.has(word));
  const key = words[at + 1];
  if (at === -1 || key === undefined) return undefined;
  return {
    id: key,
    type: words[at],
    options: parseKeyOptions(words.slice(0, at).join(' ')),
    comment: words.slice(at + 2).join(' '),
    rank,
  };
};

/** Options are separated by commas, but for those inside quotes. */
export const parseKeyOptions = (text: string): KeyOption[] =>
  (text.match(/(?:[^,"']|"[^"]*"|'[^']*')+/g) ?? []).map((part) => {
    const equals = part.indexOf('=');
    return equals === -1 ? [part, undefined] : [part.slice(0, equals), part.slice(equals + 1)];
  });

/** All lines of a file by what tells them apart; of equal ones the last counts. */
export const parseAuthorizedKeys = (text: string): Map<string, AuthorizedLine> => {
  const lines = new Map<string, AuthorizedLine>();
  for (const [rank, line] of (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).entries()) {
    const parsed = parseAuthorizedKey(line, rank) ?? { id: line, type: undefined, options: [], comment: '', rank };
    lines.set(parsed.id, parsed);
  }
  return lines;
};

/** The file's text, lines in the order of their ranks. */
export const writeAuthorizedKeys = (lines: Iterable<AuthorizedLine>): string =>
  [...lines]
    .sort((a, b) => a.rank - b.rank)
    .map((line) =>
      line.type === undefined ? line.id : `${optionText(line.options)}${line.type} ${line.id} ${line.comment}\n`,
    )
    .join('');

const optionText = (options: readonly KeyOption[]): string =>
  options.length === 0
    ? ''
    : `${options.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join(',')} `;

/** Whether two lines say the same; the order of different options does not matter. */
export const isSameKey = (left: AuthorizedLine, right: AuthorizedLine): boolean => {
  const grouped = (options: readonly KeyOption[]): string => {
    const groups = new Map<string, (string | undefined)[]>();
    for (const [name, value] of options) groups.set(name, [...(groups.get(name) ?? []), value]);
    return JSON.stringify(
      [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, values]) => [name, ...values.map(String)]),
    );
  };
  return left.type === right.type && left.comment === right.comment && grouped(left.options) === grouped(right.options);
};
