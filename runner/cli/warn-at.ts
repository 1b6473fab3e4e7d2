import { formatOrigin, type Origin } from '../errors/index.ts';

/** A way to warn that puts the place in front, where one is known. */
export const warnAt =
  (warn: (message: string) => void) =>
  (message: string, origin?: Origin): void =>
    warn(origin ? `${formatOrigin(origin)}: ${message}` : message);
