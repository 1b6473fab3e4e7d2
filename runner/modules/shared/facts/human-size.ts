const units = ['ZB', 'EB', 'PB', 'TB', 'GB', 'MB', 'KB'];

/** A number of bytes as Ansible shows sizes: 256.00 GB, 0.00 Bytes. */
export const humanSize = (bytes: number): string => {
  let limit = 1024 ** units.length;
  for (const unit of ['YB', ...units]) {
    const size = unit === 'YB' ? limit * 1024 : limit;
    if (bytes >= size) return `${(bytes / size).toFixed(2)} ${unit}`;
    if (unit !== 'YB') limit /= 1024;
  }
  return `${bytes.toFixed(2)} Bytes`;
};
