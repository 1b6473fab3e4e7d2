import { lines, raw, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction } from './define.ts';
import { probeContent, readContent } from './shared/files/content.ts';
import { probeFile, readFileState } from './shared/files/file-state.ts';
import { missingReason } from './shared/files/missing-reason.ts';
import { pathWord } from './shared/files/paths.ts';
import { runScript } from './shared/files/reply.ts';

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
