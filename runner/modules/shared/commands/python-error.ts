const reasons: Readonly<Record<number, string>> = {
  1: 'Operation not permitted',
  2: 'No such file or directory',
  8: 'Exec format error',
  13: 'Permission denied',
  20: 'Not a directory',
  21: 'Is a directory',
};

/** Text as Python shows bytes: b'foo'. */
const bytesRepr = (text: string): string => {
  let shown = '';
  for (const byte of Buffer.from(text)) {
    if (byte === 0x5c) shown += '\\\\';
    else if (byte === 0x0a) shown += '\\n';
    else if (byte === 0x0d) shown += '\\r';
    else if (byte === 0x09) shown += '\\t';
    else if (byte < 0x20 || byte > 0x7e) shown += `\\x${byte.toString(16).padStart(2, '0')}`;
    else shown += String.fromCharCode(byte);
  }
  if (shown.includes("'") && !shown.includes('"')) return `b"${shown}"`;
  return `b'${shown.replaceAll("'", "\\'")}'`;
};

/** What Python says when the system refused something: "[Errno 2] No such file or directory: b'foo'". */
export const systemError = (code: number, path: string): string =>
  `[Errno ${code}] ${reasons[code] ?? 'Unknown error'}: ${bytesRepr(path)}`;
