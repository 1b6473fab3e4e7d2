import { createHash } from 'node:crypto';
import { shellFunction } from '../../../connection/index.ts';

/** `m_sum ALGORITHM FILE`: its checksum, by whichever tool there is; POSIX' own cksum when there is no better one. */
export const sum = shellFunction(
  'm_sum',
  `if command -v "$1sum" >/dev/null; then "$1sum" <"$2"
elif command -v openssl >/dev/null; then openssl dgst -r "-$1" <"$2"
elif command -v shasum >/dev/null && [ "$1" != md5 ]; then shasum -a "\${1#sha}" <"$2"
else printf 'cksum:'; cksum <"$2"
fi`,
);

/** The checksum in what `m_sum` printed: hexadecimal, or `cksum:…` where the target could not do better. */
export const parseSum = (text: string): string => {
  const trimmed = text.trim();
  return trimmed.startsWith('cksum:') ? trimmed : trimmed.replace(/^\\/, '').split(/\s/)[0]!.replace(/^.*=/, '');
};

/** The checksum of bytes as hexadecimal text. */
export const checksumOf = (content: Buffer, algorithm = 'sha1'): string =>
  createHash(algorithm).update(content).digest('hex');

/** Whether a checksum from the target (sha1) is that of the content. */
export const isChecksumOf = (checksum: string | undefined, content: Buffer): boolean => {
  if (checksum === undefined) return false;
  if (!checksum.startsWith('cksum:')) return checksum === checksumOf(content);
  return checksum === `cksum:${posixCrc(content)} ${content.length}`;
};

let crcTable: Uint32Array | undefined;

/** The CRC that POSIX' cksum prints. */
export const posixCrc = (content: Buffer): number => {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index << 24;
    for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
    return value >>> 0;
  });
  const table = crcTable;
  let crc = 0;
  const add = (byte: number): void => {
    crc = ((crc << 8) ^ table[((crc >>> 24) ^ byte) & 0xff]!) >>> 0;
  };
  for (const byte of content) add(byte);
  for (let length = content.length; length > 0; length = Math.floor(length / 256)) add(length & 0xff);
  return ~crc >>> 0;
};
