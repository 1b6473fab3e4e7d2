import { createInterface } from 'node:readline';
import type { Prompter, Question } from '../engine/index.ts';
import { MusterError } from '../errors/index.ts';
import { whileAsking } from '../output/terminal-turns.ts';
import { ask } from './ask.ts';

/** Whoever can be asked while a run is prepared and while it goes on. */
export interface Attendant {
  /** Asks for a password. */
  readonly askPassword: (prompt: string) => Promise<string>;
  /** Asks and tells in the run. What is told passes `mask`, which takes secrets out. */
  readonly prompter: (mask: (text: string) => string) => Prompter;
}

/** Asks at the terminal. What is told there passes `mask`, which takes secrets out. */
const terminalPrompter = (mask: (text: string) => string): Prompter => ({
  isInteractive: process.stdin.isTTY === true,
  ask: (question) => whileAsking(() => askQuestion(question)),
  command: (prompt) => whileAsking(() => readCommand(prompt)),
  tell: (text) => void whileAsking(async () => process.stdout.write(`${mask(text)}\n`)),
  pause: (_message, seconds, echo) => {
    if (seconds === undefined && !process.stdin.isTTY) return Promise.resolve('');
    return process.stdin.isTTY ? whileAsking(() => pauseAtTerminal(seconds, echo)) : waitFor(seconds ?? 0);
  },
});

/** Whoever is at the terminal. */
export const terminalAttendant: Attendant = { askPassword: (prompt) => ask(prompt), prompter: terminalPrompter };

const askQuestion = async (question: Question): Promise<string> => {
  // The default of a secret is one, too.
  const suffix = question.default === undefined || question.isSecret ? '' : ` [${question.default}]`;
  const prompt = `${question.text}${suffix}: `;
  for (;;) {
    const answer = await ask(prompt, { echo: !question.isSecret });
    const isSure = !question.confirm || (await ask(`confirm ${prompt}`, { echo: !question.isSecret })) === answer;
    if (isSure) return answer === '' ? (question.default ?? '') : answer;
    process.stderr.write('***** VALUES ENTERED DO NOT MATCH ****\n');
  }
};

/** One line, with the editing and the history that people know of shells. */
const readCommand = (prompt: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout, history: [...typedCommands] });
    let answer: string | undefined;
    lines.question(prompt, (typed) => {
      answer = typed;
      if (typed.trim() !== '') typedCommands.unshift(typed);
      lines.close();
    });
    lines.on('SIGINT', () => lines.close());
    lines.on('close', () => {
      if (answer === undefined) process.stdout.write('\n');
      resolve(answer);
    });
  });

const typedCommands: string[] = [];

const waitFor = (seconds: number): Promise<string> =>
  new Promise((resolve) => setTimeout(() => resolve(''), seconds * 1000));

/** Until Enter, or the end of the time; Ctrl-C asks whether to go on or to abort. */
const pauseAtTerminal = (seconds: number | undefined, echo: boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: echo });
    const timer = seconds === undefined ? undefined : setTimeout(() => end(''), seconds * 1000);
    const end = (typed: string): void => {
      clearTimeout(timer);
      lines.close();
      resolve(typed);
    };
    lines.on('line', (typed) => {
      if (seconds === undefined) end(typed);
    });
    lines.on('SIGINT', () => {
      lines.question("Press 'C' to continue the play or 'A' to abort \r", (key) => {
        if (/^a/i.test(key)) {
          clearTimeout(timer);
          lines.close();
          reject(new MusterError('user requested abort!'));
        } else end('');
      });
    });
  });
