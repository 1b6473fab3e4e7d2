import { expect } from 'vitest';
import { type Place, playAnsible, playMuster } from './play.ts';

/** Plays a playbook on both machines by muster and by ansible-playbook, neither of which may find anything to do. */
export const expectNothingToDo = async (
  place: Place,
  playbook: string,
  options: readonly string[] = [],
): Promise<void> => {
  const unchanged = { vm1: { changed: 0, failed: 0 }, vm2: { changed: 0, failed: 0 } };
  for (const play of [playMuster, playAnsible]) {
    const { recap, text } = await play(place, playbook, options);
    expect(recap, text).toEqual(unchanged);
  }
};
