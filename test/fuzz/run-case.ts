import { MusterError } from '../../runner/errors/index.ts';
import { mutate } from './mutate.ts';
import { randomFrom } from './random.ts';
import type { Target } from './targets.ts';

const slowest = 1000;

/** The text of a case: the same for the same number. */
const caseText = ({ seeds }: Target, number: number): string => {
  const random = randomFrom(number * 2_654_435_761);
  return mutate(random.pick(seeds.texts), random, seeds.tokens);
};

/** Reads a case; tells what is wrong with how that ended, if anything is. */
export const runCase = async (target: Target, number: number): Promise<string | undefined> => {
  const text = caseText(target, number);
  const [wrong, took] = await attempt(target, text);
  // What else goes on in this machine takes time too: only what is slow again is slow.
  const time = took > slowest ? Math.min(took, (await attempt(target, text))[1]) : took;
  const fault = wrong ?? (time > slowest ? `took ${Math.round(time)} ms` : undefined);
  return fault && `${target.name}, case ${number}: ${fault}\n${JSON.stringify(text.slice(0, 600))}`;
};

const attempt = async (target: Target, text: string): Promise<[wrong: string | undefined, took: number]> => {
  const start = performance.now();
  try {
    await target.read(text);
    return [undefined, performance.now() - start];
  } catch (error) {
    return [faultOf(error), performance.now() - start];
  }
};

/** A mistake in a text is told by a MusterError with a message; anything else that is thrown is a defect. */
const faultOf = (error: unknown): string | undefined => {
  if (!(error instanceof MusterError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const blank = error.problems.length === 0 || error.problems.some(({ message }) => message.trim() === '');
  return blank ? 'an error without a message' : undefined;
};
