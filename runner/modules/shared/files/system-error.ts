const numbers: Readonly<Record<string, number>> = {
  'Operation not permitted': 1,
  'No such file or directory': 2,
  'Permission denied': 13,
  'Device or resource busy': 16,
  'File exists': 17,
  'Invalid cross-device link': 18,
  'Not a directory': 20,
  'Is a directory': 21,
  'Invalid argument': 22,
  'Text file busy': 26,
  'No space left on device': 28,
  'Read-only file system': 30,
  'File name too long': 36,
  'Directory not empty': 39,
  'Too many levels of symbolic links': 40,
};

/** A tool's reason as Python words the same error: `[Errno 13] Permission denied: b'/path'`. */
export const systemError = (reason: string, path: string): string => {
  const number = numbers[reason];
  return number === undefined ? reason : `[Errno ${number}] ${reason}: b'${path}'`;
};
