/** Orders two versions of Debian packages as dpkg does: negative, zero or positive. */
export const compareDebianVersions = (left: string, right: string): number => {
  const a = split(left);
  const b = split(right);
  return a.epoch - b.epoch || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision);
};

const split = (version: string): { epoch: number; upstream: string; revision: string } => {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  };
};

/** Compares by turns the stretches without digits, letters before other characters and ~ before the end, and numbers. */
const comparePart = (left: string, right: string): number => {
  let a = left;
  let b = right;
  while (a !== '' || b !== '') {
    const textA = /^\D*/.exec(a)![0];
    const textB = /^\D*/.exec(b)![0];
    for (let index = 0; index < Math.max(textA.length, textB.length); index++) {
      const order = weight(textA[index]) - weight(textB[index]);
      if (order !== 0) return order;
    }
    a = a.slice(textA.length);
    b = b.slice(textB.length);
    const digitsA = /^\d*/.exec(a)![0];
    const digitsB = /^\d*/.exec(b)![0];
    const order = BigInt(digitsA || 0) - BigInt(digitsB || 0);
    if (order !== 0n) return order < 0n ? -1 : 1;
    a = a.slice(digitsA.length);
    b = b.slice(digitsB.length);
  }
  return 0;
};

const weight = (character: string | undefined): number => {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
};
