import { formatOrigin, type Origin } from '../errors/index.ts';

/** A way to warn that tells the place too, where one is known. */
export const warnAt =
  (warn: (message: string) => void) =>
  (message: string, origin?: Origin): void =>
    warn(origin ? `${message} (at ${formatOrigin(origin)})` : message);
