import type { Prompter, Question } from '../../engine/index.ts';
import { MusterError } from '../../errors/index.ts';
import type { Asking, PendingQuestion } from './services.ts';

interface Waiting {
  readonly asked: PendingQuestion;
  readonly settle: (answer: string | undefined) => void;
}

/** Whoever looks at the front end is asked there: one question after the other, as they come. */
export class ScreenAttendant implements Asking {
  readonly #waiting: Waiting[] = [];
  readonly #said: string[] = [];
  readonly #passwords = new Map<string, string>();
  #answers: ReadonlyMap<string, string> = new Map();
  #listener: () => void = () => {};

  /** Answers that are known before they are asked for, by the names of variables. */
  prepare(answers: ReadonlyMap<string, string>): void {
    this.#answers = answers;
  }

  /** Passwords that were typed are asked for anew: one of them may be wrong. */
  forgetPasswords(): void {
    this.#passwords.clear();
  }

  get question(): PendingQuestion | undefined {
    return this.#waiting[0]?.asked;
  }

  answer(text: string | undefined): void {
    this.#waiting.shift()?.settle(text);
    this.#listener();
  }

  /** Nobody is asked any more: all questions are aborted. */
  abandon(): void {
    for (const { settle } of this.#waiting.splice(0)) settle(undefined);
    this.#listener();
  }

  onQuestion(listener: () => void): void {
    this.#listener = listener;
  }

  /** Asks for a password once for as long as the front end is open. */
  readonly askPassword = async (prompt: string): Promise<string> => {
    const text = prompt.replace(/:?\s*$/, ':');
    const known = this.#passwords.get(text);
    if (known !== undefined) return known;
    const typed = await this.#ask({ kind: 'ask', text, isSecret: true, default: undefined, confirm: false, said: [] });
    if (typed === undefined) throw new MusterError('interrupted at the prompt');
    this.#passwords.set(text, typed);
    return typed;
  };

  readonly prompter = (mask: (text: string) => string): Prompter => ({
    isInteractive: true,
    ask: async (question) => this.#known(question) ?? (await this.#ask(pending(question)).then(given)),
    pause: (message, seconds) => this.#pause(message, seconds),
    command: async (prompt) => {
      const said = this.#said.splice(0);
      return this.#ask({ kind: 'command', text: prompt, isSecret: false, default: undefined, confirm: false, said });
    },
    tell: (text) => void this.#said.push(mask(text)),
  });

  #known({ name }: Question): string | undefined {
    return name === undefined ? undefined : this.#answers.get(name);
  }

  /** With a time, until that is over or somebody goes on before it; without one, until Enter. */
  async #pause(text: string, seconds: number | undefined): Promise<string> {
    const asked: PendingQuestion = {
      kind: 'pause',
      text,
      isSecret: false,
      default: '',
      confirm: false,
      said: [],
      until: seconds === undefined ? undefined : Date.now() + seconds * 1000,
    };
    const answer = this.#ask(asked);
    const timer = seconds === undefined ? undefined : setTimeout(() => this.#withdraw(asked), seconds * 1000);
    try {
      const typed = await answer;
      if (typed === undefined) throw new MusterError('user requested abort!');
      return typed;
    } finally {
      clearTimeout(timer);
    }
  }

  #ask(asked: PendingQuestion): Promise<string | undefined> {
    return new Promise((settle) => {
      this.#waiting.push({ asked, settle });
      this.#listener();
    });
  }

  /** A question that answers itself. */
  #withdraw(asked: PendingQuestion): void {
    const index = this.#waiting.findIndex((one) => one.asked === asked);
    if (index === -1) return;
    this.#waiting.splice(index, 1)[0]!.settle('');
    this.#listener();
  }
}

const pending = ({ text, isSecret, default: fallback, confirm }: Question): PendingQuestion => ({
  kind: 'ask',
  text,
  isSecret,
  default: fallback,
  confirm,
  said: [],
});

const given = (typed: string | undefined): string => {
  if (typed === undefined) throw new MusterError('interrupted at the prompt');
  return typed;
};
