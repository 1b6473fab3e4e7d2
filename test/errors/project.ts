import { existsSync } from 'node:fs';
import { expect, onTestFinished, vi } from 'vitest';
import { main } from '../../runner/cli/index.ts';
import { openFolder } from '../support/scratch-folder.ts';

/** What a run of the command line came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Without the folder of the project in its paths. */
  readonly stderr: string;
  /** Whether the first task ran: the host was touched. */
  readonly touched: boolean;
}

/** A folder with playbooks, which are run in it as from a shell. */
export interface Project {
  readonly directory: string;
  run(...args: string[]): Promise<Outcome>;
}

const mark = 'touched';

/** A task that leaves a trace; it stands first in the playbooks of these tests. */
export const firstTask = `    - copy: {content: x, dest: "{{ playbook_dir }}/${mark}"}\n`;

/** A play on this machine: what stands in front of its tasks, and its tasks behind the first one. */
export const play = (tasks = '', keywords = ''): string =>
  `- hosts: localhost\n  gather_facts: no\n${keywords}  tasks:\n${firstTask}${tasks}`;

/** Writes files into a folder of their own, which is gone after the test. */
export const openProject = (files: Readonly<Record<string, string>>): Project => {
  const folder = openFolder('muster-errors-');
  onTestFinished(folder.remove);
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  return {
    directory: folder.path,
    run: async (...args) => {
      const { code, stdout, stderr } = await runIn(folder.path, args);
      const shorten = (text: string): string => text.replaceAll(`${folder.path}/`, '');
      return { code, stdout: shorten(stdout), stderr: shorten(stderr), touched: existsSync(folder.at(mark)) };
    },
  };
};

/** Calls the command line in this process, which is much quicker than one of its own. */
const runIn = async (directory: string, args: readonly string[]): Promise<Omit<Outcome, 'touched'>> => {
  const before = process.cwd();
  const text = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      text[name] += String(chunk);
      return true;
    }),
  );
  process.chdir(directory);
  try {
    const code = await main(['run', ...args]);
    return { code, ...text };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.chdir(before);
  }
};

/** One mistake as people are to see it. */
export interface Told {
  readonly message: string;
  /** `file:line:column`. */
  readonly at?: string;
  /** The marked line of the frame; the caret is looked for below the column of `at`. */
  readonly line?: string;
  readonly expected?: string;
  readonly hint?: string;
}

/** A problem's text as the command line shows it; the frame is reduced to the marked line and its caret. */
const shown = ({ message, at, line, expected, hint }: Told): string[] => [
  `ERROR! ${message}`,
  ...(at ? [`  at ${at}`] : []),
  ...(line ? [`> ${line}`, `^ ${at!.split(':').at(-1)}`] : []),
  ...(expected ? [`expected: ${expected}`] : []),
  ...(hint ? [`hint: ${hint}`] : []),
];

const frameLine = /^([> ]) +\d+ \| ?(.*)$/;
const caretLine = /^( +\| )( *)\^$/;

/** The problems in what was written to stderr, in the same form. */
export const problemsIn = (stderr: string): string[][] =>
  stderr
    .slice(Math.max(0, stderr.indexOf('ERROR! ')))
    .split(/\n\n/)
    .filter((part) => part.startsWith('ERROR! '))
    .map((part) =>
      part
        .trimEnd()
        .split('\n')
        .flatMap((text) => {
          const caret = caretLine.exec(text);
          if (caret) return [`^ ${caret[2]!.length + 1}`];
          const frame = frameLine.exec(text);
          if (frame) return frame[1] === '>' ? [`> ${frame[2]}`] : [];
          return [text];
        }),
    );

/** Fails unless exactly these problems were told, nothing was run, and the run ended as ansible-playbook ends (`code`). */
export const expectRefusal = (outcome: Outcome, code: number, ...told: readonly Told[]): void => {
  expect(problemsIn(outcome.stderr)).toEqual(told.map(shown));
  expect(outcome.code).toBe(code);
  expectNoTrace(outcome);
  expect(outcome.touched, 'a host was touched').toBe(false);
  expect(outcome.stdout).not.toContain('TASK [');
};

/** The warnings, without the breaks of lines, which hang on how long the paths are. */
export const warningsIn = ({ stderr }: Outcome): string[] =>
  stderr
    .replaceAll(/\s+/g, ' ')
    .split('[WARNING]: ')
    .slice(1)
    .map((text) => text.trim());

/** Fails when a defect of ours shows, or a stack trace. */
export const expectNoTrace = ({ stdout, stderr }: Outcome): void => {
  expect(stdout + stderr).not.toMatch(/muster itself failed|^ +at .*(\(|node:|\.[jt]s:\d)/m);
};

/** What stands below a failed host: the line of its result, and the details. */
export const failureIn = ({ stdout }: Outcome, word = 'FAILED'): string[] => {
  const lines = stdout.split('\n');
  const start = lines.findIndex((line) => line.startsWith('fatal: ') && line.includes(`${word}!`));
  const end = lines.indexOf('', start);
  return start === -1 ? [] : lines.slice(start, end);
};
