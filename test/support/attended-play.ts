import type { RunFlags } from '../../runner/cli/run-options.ts';
import { openSession } from '../../runner/cli/session.ts';
import { type Question, runPlaybooks } from '../../runner/engine/index.ts';
import type { RunEvent } from '../../runner/events/index.ts';
import { readPlaybook } from '../../runner/playbook/index.ts';
import { openFolder } from './scratch-folder.ts';

/** Somebody at the terminal: whether there is anybody, the lines that they type, and what they answer to questions. */
export interface Attendant {
  readonly isInteractive?: boolean;
  readonly lines?: string[];
  readonly answer?: (question: Question) => string;
  /** Further flags of the command line. */
  readonly flags?: RunFlags;
  /** Told of each event as it happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Files beside the playbook, which is in the folder that the variable `place` names. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Plays `play`, which is what follows `hosts`, on localhost with somebody at the terminal. Tells what was shown and how it ended. */
export const playAttended = async (play: string, attendant: Attendant, extraVars: readonly string[] = []) => {
  const place = openFolder('muster-attended-');
  const vars = `{ color: red, place: "${place.path}" }`;
  const file = place.write('play.yml', `- hosts: localhost\n  gather_facts: no\n  vars: ${vars}\n${play}`);
  for (const [name, text] of Object.entries(attendant.files ?? {})) place.write(name, text);
  const events: RunEvent[] = [];
  const told: string[] = [];
  const asked: Question[] = [];
  const session = await openSession({
    flags: { inventory: ['localhost,'], connection: 'local', extraVars, ...attendant.flags },
    playbooks: [file],
    signal: new AbortController().signal,
    subscribe: (bus) =>
      void bus.subscribe((event) => {
        events.push(event);
        attendant.onEvent?.(event);
      }),
  });
  const prompter = {
    ...session.context.prompter,
    isInteractive: attendant.isInteractive ?? true,
    command: async () => attendant.lines?.shift(),
    tell: (text: string) => void told.push(text),
    ask: async (question: Question) => {
      asked.push(question);
      return attendant.answer?.(question) || (question.default ?? '');
    },
  };
  try {
    const { plays } = readPlaybook(file, session.loading);
    const exitCode = await runPlaybooks({ ...session.context, prompter }, [{ file, plays }], session.constants);
    return {
      told,
      asked,
      exitCode,
      events,
      results: events.flatMap((event) => (event.type === 'host_result' ? [event] : [])),
      stats: events.flatMap((event) => (event.type === 'run_ended' ? [event.stats] : [])),
      warnings: events.flatMap((event) => (event.type === 'warning' ? [event.message] : [])),
    };
  } finally {
    await session.close();
    place.remove();
  }
};
