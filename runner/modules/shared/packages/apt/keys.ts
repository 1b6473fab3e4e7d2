/** The ways in which a key's id is used. */
export interface KeyId {
  readonly whole: string;
  /** The last sixteen digits, by which keys are compared. */
  readonly compared: string;
  readonly short: string;
}

/** Reads a key's id; undefined when it is none. */
export const parseKeyId = (text: string): KeyId | undefined => {
  if (!/^(?:0x)?[0-9a-f]+$/i.test(text.trim())) return undefined;
  const whole = text.trim().toUpperCase().replace(/^0X/, '');
  if (whole.length !== 8 && whole.length < 16) return undefined;
  return { whole, compared: whole.slice(-16), short: whole.slice(-8) };
};

/** The keys and subkeys that gpg lists, in its listing for people or the one with colons; not those that have expired. */
export const parseKeyIds = (listing: string): string[] =>
  listing.split('\n').flatMap((line) => {
    if (!/^(?:pub|sub)/.test(line) || line.includes('expired')) return [];
    const plain = /^\S+\s+[^\s/]+\/(\S+)/.exec(line)?.[1];
    return plain ?? (line.includes(':') ? (line.split(':')[4] ?? []) : []);
  });
