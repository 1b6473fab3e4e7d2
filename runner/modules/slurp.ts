import { lines, raw, sh, type Target } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';
import { probeContent, readContent } from './shared/files/content.ts';
import { probeFile, readFileState } from './shared/files/file-state.ts';
import { pathWord } from './shared/files/paths.ts';
import { runScript } from './shared/files/reply.ts';
import { systemError } from './shared/files/system-error.ts';

export default defineAction({
  name: 'ansible.builtin.slurp',
  summary: 'Reads a file of the target.',
  args: { src: { type: 'path', required: true, aliases: ['path'], doc: 'The file.' } },
  returns: {
    content: 'The content in base64.',
    encoding: 'Always base64.',
    source: 'The file.',
  },
  supports: { check: 'full', diff: false },
  async run({ src }, { target }) {
    const script = lines(
      sh`m_seen=; m_p=${pathWord(src)}`,
      raw(`printf '%s\\0' "$m_p"`),
      probeFile('m_p'),
      probeContent('m_p'),
    );
    const reader = await runScript(target, script);
    const source = reader.field();
    const { stat, isReadable } = readFileState(reader, source);
    if (!stat) throw new ModuleFailure(await missingReason(target, source));
    if (stat.type === 'directory') throw new ModuleFailure(`source is a directory and must be a file: ${source}`);
    if (!isReadable) throw new ModuleFailure(`file is not readable: ${source}`);
    const content = await readContent(reader, target, source);
    if (!content) throw new ModuleFailure(`unable to slurp file: ${source} is no regular file`);
    return { changed: false, content: content.toString('base64'), encoding: 'base64', source };
  },
});

/** A file below a folder that may not be entered cannot be told from one that is not there, but the folder can be asked. */
const missingReason = async (target: Target, path: string): Promise<string> => {
  const { code } = await target.run(
    sh`m_d=${path}; while case $m_d in */*) m_d=\${m_d%/*} ;; *) false ;; esac; do
[ -e "\${m_d:=/}" ] && { [ -d "$m_d" ] || exit 2; [ -x "$m_d" ]; exit; }
done`,
  );
  if (code === 2) return `unable to slurp file: ${systemError('Not a directory', path)}`;
  return `${code === 0 ? 'file not found' : 'file is not readable'}: ${path}`;
};
