/** The options of the [client] section of an option file, by name. */
export const clientOptions = (text: string): ReadonlyMap<string, string> => {
  const options = new Map<string, string>();
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || /^[#;!]/.test(line)) continue;
    const header = /^\[(.*)\]/.exec(line)?.[1];
    if (header !== undefined) {
      section = header.trim();
      continue;
    }
    if (section !== 'client') continue;
    const [, name = '', value = ''] = /^([^=]+?)\s*(?:=\s*(.*))?$/.exec(line) ?? [];
    options.set(name.replaceAll('_', '-'), value.replace(/^(['"])(.*)\1$/, '$2'));
  }
  return options;
};
