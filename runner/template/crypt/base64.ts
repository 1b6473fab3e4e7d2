const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The bytes at these places, three at a time, in the base 64 of Unix passwords: lowest bits first. */
export const encodeTriples = (digest: Uint8Array, places: readonly (readonly number[])[]): string =>
  places
    .map((triple) => {
      let value = triple.reduce((sum, place) => (sum << 8) | digest[place]!, 0);
      let text = '';
      for (let count = 0; count <= triple.length; count++) {
        text += alphabet[value & 63];
        value >>>= 6;
      }
      return text;
    })
    .join('');

/** passlib's base 64 of PBKDF2 hashes: the usual one with `.` for `+` and no padding. */
export const adaptedBase64 = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '.').replace(/=+$/, '');
