import { afterEach } from 'vitest';

/** Takes what is to be undone after the test, the last first. To be called at the top of a file of tests. */
export const cleanUpAfterEach = (): ((...works: (() => unknown)[]) => void) => {
  const cleanUps: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
  return (...works) => void cleanUps.push(...works);
};
