import { ModuleFailure } from '../errors/index.ts';
import { toText, type Value } from '../values/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.pause',
  summary: 'Waits for some time, or for somebody to press Enter.',
  args: {
    seconds: { type: 'raw', doc: 'How long to wait.' },
    minutes: { type: 'raw', doc: 'How long to wait.' },
    prompt: { type: 'raw', doc: 'What to ask; the answer comes back as user_input.' },
    echo: { type: 'bool', default: true, doc: 'Shows what is typed.' },
  },
  mutuallyExclusive: [['seconds', 'minutes']],
  returns: {
    user_input: 'what was typed',
    start: 'when it began',
    stop: 'when it ended',
    delta: 'how long it took, in the unit that was asked for',
    stdout: 'how long it took, as a sentence',
    echo: 'whether what was typed was shown',
  },
  supports: { check: 'full', diff: false },
  onController: true,
  runsOnce: true,
  run: async ({ seconds, minutes, prompt, echo }, { controller }) => {
    const inMinutes = minutes !== undefined;
    const amount = wholeNumber(inMinutes ? 'minutes' : 'seconds', minutes ?? seconds);
    const limit = amount === undefined ? undefined : Math.max(amount * (inMinutes ? 60 : 1), 1);
    const start = new Date();
    const typed = await controller.pause(
      prompt === undefined ? defaultPrompt(limit) : `${toText(prompt)}:`,
      limit,
      echo,
    );
    const stop = new Date();
    const unit = inMinutes ? 60_000 : 1000;
    const exact = Math.round(((stop.getTime() - start.getTime()) / unit) * 100) / 100;
    return {
      changed: false,
      rc: 0,
      stderr: '',
      stdout: `Paused for ${Number.isInteger(exact) ? exact.toFixed(1) : exact} ${inMinutes ? 'minutes' : 'seconds'}`,
      start: timeText(start),
      stop: timeText(stop),
      delta: Math.trunc((stop.getTime() - start.getTime()) / 1000),
      echo,
      user_input: typed,
    };
  },
});

const defaultPrompt = (limit: number | undefined): string =>
  limit === undefined ? 'Press enter to continue, Ctrl+C to interrupt:' : `Pausing for ${limit} seconds`;

const wholeNumber = (name: string, value: Value | undefined): number | undefined => {
  if (value === undefined || value === null) return undefined;
  const number = Number(toText(value));
  if (Number.isNaN(number))
    throw new ModuleFailure(`non-integer value given for prompt duration:\n${name}: ${toText(value)}`);
  return Math.trunc(number);
};

const timeText = (time: Date): string => {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 23)}000`;
};
