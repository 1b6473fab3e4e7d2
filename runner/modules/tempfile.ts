import { randomInt } from 'node:crypto';
import { raw, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';
import { parseStat, stat } from './shared/files/file-stat.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { joinPath, pathWord } from './shared/files/paths.ts';
import { die, runScript, StepFailure } from './shared/files/reply.ts';
import { systemError } from './shared/files/system-error.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789_';

export default defineAction({
  name: 'ansible.builtin.tempfile',
  summary: 'Makes a file or folder with a name of its own, which only its owner may use.',
  args: {
    state: { type: 'str', default: 'file', choices: ['file', 'directory'], doc: 'What to make.' },
    path: { type: 'path', doc: "The folder to make it in; the system's one for such files unless told." },
    prefix: { type: 'str', default: 'ansible.', doc: 'What the name begins with.' },
    suffix: { type: 'str', default: '', doc: 'What the name ends with.' },
  },
  returns: { path: 'What was made.' },
  supports: { check: 'none', diff: false },
  async run(args, { target }) {
    const random = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
    const name = args.prefix + random + args.suffix;
    const folder = args.path === undefined ? raw('${TMPDIR:-/tmp}') : pathWord(args.path);
    const make = args.state === 'file' ? raw('(set -C; : >"$m_p")') : raw('mkdir -- "$m_p"');
    try {
      const reader = await runScript(
        target,
        sh`m_d=${folder}; m_p=\${m_d%/}/${name}; umask 077
printf '%s\\0' "$m_p"
${make} || ${die} create
${stat} "$m_p"; printf '\\0'`,
      );
      const path = reader.field();
      return { changed: true, path, ...pathInfo(parseStat(reader.field())) };
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      const message = systemError(reasonOf(error), joinPath(args.path ?? '/tmp', name));
      // Python names what it could not make as text, and not as bytes.
      throw new ModuleFailure(message.replace(": b'", ": '"));
    }
  },
});

// dash says "Directory nonexistent" where every other tool says ENOENT's words.
const reasonOf = (error: StepFailure): string =>
  /nonexistent/i.test(error.said) ? 'No such file or directory' : error.reason;
