import { basename } from 'node:path';
import { emit, lines, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { decodeOutput, expandedWord, outputValues, ShlexError, splitWords } from './shared/commands/index.ts';

/** Scripts up to this size travel inside the request that runs them. */
const inlineLimit = 64 * 1024;

export default defineAction({
  name: 'ansible.builtin.script',
  summary: 'Runs a script of the controller on a host.',
  args: {
    cmd: {
      type: 'str',
      doc: 'The script, and its arguments behind it.',
      aliases: ['_raw_params', 'free_form'],
    },
    chdir: { type: 'str', doc: 'Change into this directory of the host, which must be absolute, before it runs.' },
    creates: { type: 'str', doc: 'When this is on the host, the script is not run.' },
    removes: { type: 'str', doc: 'When this is not on the host, the script is not run.' },
    executable: { type: 'str', doc: 'What runs the script, instead of its first line.' },
    decrypt: { type: 'bool', doc: 'Whether a script that the vault encrypted is decrypted.', default: true },
  },
  freeForm: 'cmd',
  returns: {
    rc: 'Exit code.',
    stdout: 'Standard output.',
    stdout_lines: 'Standard output, a line an item.',
    stderr: 'Standard error.',
    stderr_lines: 'Standard error, a line an item.',
    msg: 'Why it was not run, or what went wrong.',
  },
  notes: ['It runs without a terminal: standard output and error stay apart, where Ansible runs it in a terminal'],
  supports: { check: 'full', diff: false, async: false },

  run: async ({ cmd, chdir, creates, removes, executable, decrypt }, context) => {
    const text = cmd?.trim() ?? '';
    const source = firstWord(text);
    const behind = text.slice(/^(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/s.exec(text)![0].length);
    if (chdir && !chdir.startsWith('/')) {
      throw new ModuleFailure(`chdir ${chdir} must be an absolute path for a Unix-aware remote node`);
    }
    const path = await context.controller.find('files', source);
    const content = await context.controller.read(path, { decrypt });
    const guard = guardScript(creates, removes);
    if (context.check) return checkResult(guard, context);
    const name = basename(path).replace(/[^\w.-]/g, '_');
    const file = `${await context.target.temporaryDirectory()}/${process.hrtime.bigint()}-${name}`;
    const isInline = content.length <= inlineLimit;
    if (!isInline) await context.target.put(content, file);
    // The arguments are the user's own shell, as under Ansible.
    const command = `${executable ? `${executable} ` : ''}${sh`${file}`.text}${behind}`;
    const reply = await context.target.run(
      lines(
        sh`trap 'rm -f "$m_file"' EXIT; m_file=${file}`,
        guard,
        isInline && sh`(umask 077; ${emit(content)} >"$m_file") || exit`,
        sh`chmod 700 "$m_file"`,
        chdir ? sh`cd ${expandedWord(chdir)} || exit` : undefined,
        sh`/bin/sh -c ${command}`,
      ),
      { onOutput: context.output },
    );
    const stdout = decodeOutput(reply.stdout);
    if (reply.code === skippedCode && stdout.startsWith(skipMark)) return skipped(stdout.slice(skipMark.length));
    const result = { changed: true, rc: reply.code, ...outputValues(stdout, decodeOutput(reply.stderr)) };
    if (reply.code !== 0) throw new ModuleFailure('non-zero return code', { ...result, cmd: command });
    return result;
  },
});

const skippedCode = 98;
const skipMark = '\u001emuster skips: ';

const firstWord = (text: string): string => {
  let first: string | undefined;
  try {
    [first] = splitWords(text);
  } catch (error) {
    if (!(error instanceof ShlexError)) throw error;
    throw new ModuleFailure(`the script's command line cannot be split into words: ${error.message}`);
  }
  if (first === undefined) throw new ModuleFailure('no script was given');
  return first;
};

const guardScript = (creates: string | undefined, removes: string | undefined): Script | undefined => {
  const skip = (reason: string): Script => sh`{ printf %s ${skipMark + reason}; exit ${skippedCode}; }`;
  const parts = [
    creates
      ? sh`[ ! -e ${expandedWord(creates)} ] || ${skip(`${creates} exists, matching creates option`)}`
      : undefined,
    removes
      ? sh`[ -e ${expandedWord(removes)} ] || ${skip(`${removes} does not exist, matching removes option`)}`
      : undefined,
  ];
  return creates || removes ? lines(...parts) : undefined;
};

const skipped = (msg: string): ResultObject => ({ changed: false, skipped: true, msg });

const checkResult = async (guard: Script | undefined, { target }: ModuleContext): Promise<ResultObject> => {
  if (!guard) return skipped('Check mode is not supported for this task.');
  const { code, stdout } = await target.run(guard);
  return code === skippedCode ? skipped(stdout.toString().slice(skipMark.length)) : { changed: true };
};
