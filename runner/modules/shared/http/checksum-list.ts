/** `algorithm:checksum` as a task writes it; undefined when it is not of that form. */
export const splitChecksum = (text: string): { algorithm: string; value: string } | undefined => {
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { algorithm: text.slice(0, colon), value: text.slice(colon + 1) };
};

/** The checksum of one file in a list as sha256sum and its kind write it; a lone checksum is for any file. */
export const findChecksum = (list: string, filename: string): string | undefined => {
  const all = list.split('\n').filter((line) => line !== '');
  const lone = all.length === 1 ? all[0]!.trim() : '';
  if (lone !== '' && !/\s/.test(lone)) return lone;
  for (const line of all) {
    const space = line.indexOf(' ');
    if (space === -1) continue;
    const name = line
      .slice(space + 1)
      .replace(/^[ *]/, '')
      .replace(/^[./]+/, '');
    if (name === filename) return line.slice(0, space);
  }
  return undefined;
};
