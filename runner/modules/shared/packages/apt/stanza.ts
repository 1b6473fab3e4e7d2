/** Writes fields as a deb822 file has them; values of several lines are indented. */
export const formatStanza = (fields: readonly (readonly [string, string])[]): string =>
  fields
    .map(([name, value]) => {
      if (!value.includes('\n')) return `${name}: ${value}\n`;
      const all = value.trim().split('\n');
      return `${name}:\n${all.map((line) => `    ${line.trim() || '.'}\n`).join('')}`;
    })
    .join('');

/** Reads the fields of the first stanza; names are in lower case, lines of a value are trimmed. */
export const parseStanza = (text: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    if (/^\s/.test(line) && line.trim() !== '') {
      fields.set(last, `${fields.get(last) ?? ''}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    last = line.slice(0, colon).toLowerCase();
    fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
};
