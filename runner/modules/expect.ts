import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { type Dict, toText, type Value } from '../values/index.ts';
import { type PythonRegex, PythonRegexError, pythonRegex } from '../values/python-regex.ts';
import { defineAction, type ResultObject } from './define.ts';
import {
  decodeOutput,
  expandedWord,
  formatDelta,
  NotStarted,
  splitLines,
  splitWords,
  stripEnd,
  Terminal,
  type TerminalNews,
} from './shared/commands/index.ts';

export default defineAction({
  name: 'ansible.builtin.expect',
  summary: 'Runs a command on a terminal and answers its questions.',
  args: {
    command: { type: 'str', doc: 'The command.', required: true },
    responses: {
      type: 'dict',
      doc: 'Answers by the regular expressions of what they answer; a list is gone through.',
      required: true,
    },
    chdir: { type: 'path', doc: 'Change into this directory first.' },
    creates: { type: 'path', doc: 'When this is there, the command is not run.' },
    removes: { type: 'path', doc: 'When this is not there, the command is not run.' },
    timeout: { type: 'int', doc: 'The longest to wait for a question, in seconds.', default: 30 },
    echo: { type: 'bool', doc: 'Whether answers show in the output.', default: false },
  },
  returns: {
    cmd: 'The command.',
    rc: 'Exit code; none when it took too long.',
    stdout: 'All that it wrote.',
    stdout_lines: 'The same, a line an item.',
    start: 'When it began.',
    end: 'When it ended.',
    delta: 'How long it took.',
  },
  supports: { check: 'none', diff: false },

  run: async ({ command, responses, chdir, creates, removes, timeout, echo }, { target, output }) => {
    if (command.trim() === '') throw new ModuleFailure('no command given', { rc: 256 });
    const answers = readAnswers(responses);
    const terminal = await Terminal.open(target);
    const words = splitWords(command);
    const began = Date.now();
    let all = '';
    let first: string | undefined;
    const result = (news: TerminalNews | undefined): ResultObject => {
      const stdout = stripEnd(all);
      return {
        changed: true,
        cmd: command,
        stdout,
        stdout_lines: splitLines(stdout),
        rc: news?.code ?? null,
        start: first ?? null,
        end: news?.time ?? null,
        delta: formatDelta((Date.now() - began) / 1000),
      };
    };
    try {
      let news = await terminal.start({ words: sh`${words}`, echo, chdir, guard: guardOf(creates, removes) }, timeout);
      first = news.time;
      let unread = '';
      for (;;) {
        output('stdout', news.bytes);
        const text = decodeOutput(news.bytes);
        all += text;
        unread += text;
        const found = earliest(answers, unread);
        if (found) {
          unread = unread.slice(found.end);
          news = await terminal.answer(nextAnswer(found.answer, all), timeout);
          continue;
        }
        if (news.code !== undefined) break;
        if (news.bytes.length === 0) throw new ModuleFailure('command exceeded timeout', result(undefined));
        news = await terminal.answer(undefined, timeout);
      }
      if (news.code !== 0) throw new ModuleFailure('non-zero return code', result(news));
      return result(news);
    } catch (error) {
      if (error instanceof NotStarted) return { changed: false, cmd: command, stdout: error.message, rc: 0 };
      throw error;
    } finally {
      await terminal.close();
    }
  },
});

interface Answer {
  readonly question: string;
  readonly regex: PythonRegex;
  /** What is left to answer; a lone answer is never used up. */
  readonly texts: string[];
  readonly isList: boolean;
}

const readAnswers = (responses: Dict): Answer[] =>
  [...responses].map(([key, value]) => {
    const question = toText(key);
    try {
      const texts = (Array.isArray(value) ? value : [value]).map(
        (text: Value) => `${toText(text).replace(/\n+$/, '')}\n`,
      );
      return { question, regex: pythonRegex(question, { dotAll: true }), texts, isList: Array.isArray(value) };
    } catch (error) {
      if (!(error instanceof PythonRegexError)) throw error;
      throw new ModuleFailure(`responses: ${question} is no regular expression: ${error.message}`);
    }
  });

/** The answer whose question comes first in the text. */
const earliest = (answers: readonly Answer[], text: string): { answer: Answer; end: number } | undefined => {
  let best: { answer: Answer; start: number; end: number } | undefined;
  for (const answer of answers) {
    const match = answer.regex.search(text);
    if (match && (best === undefined || match.start < best.start))
      best = { answer, start: match.start, end: match.end };
  }
  return best;
};

const nextAnswer = (answer: Answer, output: string): string => {
  const text = answer.isList ? answer.texts.shift() : answer.texts[0];
  if (text === undefined) {
    throw new ModuleFailure(`No remaining responses for '${answer.question}', output was '${stripEnd(output)}'`);
  }
  return text;
};

const guardOf = (creates: string | undefined, removes: string | undefined): Script => {
  const skip = (reason: string): Script => sh`{ printf %s ${reason}; exit 98; }`;
  return sh`${creates ? sh`[ ! -e ${expandedWord(creates)} ] || ${skip(`skipped, since ${creates} exists`)}` : sh`:`}
${removes ? sh`[ -e ${expandedWord(removes)} ] || ${skip(`skipped, since ${removes} does not exist`)}` : sh`:`}`;
};
