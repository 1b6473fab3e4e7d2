/** The part of a list that is on the screen: from where, and how many. */
export interface Window {
  readonly start: number;
  readonly count: number;
}

/** As many of `total` as fit, with the one under the cursor in the middle as far as that can be. */
export const windowAround = (cursor: number, total: number, room: number): Window => {
  const count = Math.max(0, Math.min(total, room));
  const start = Math.max(0, Math.min(total - count, cursor - Math.floor(room / 2)));
  return { start, count };
};
