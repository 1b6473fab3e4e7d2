import { emit, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';

export default defineModule({
  name: 'ansible.builtin.debconf',
  summary: "Answers the questions of Debian's packages.",
  args: {
    name: { type: 'str', doc: 'The package.', required: true, aliases: ['pkg'] },
    question: { type: 'str', doc: 'The question.', aliases: ['selection', 'setting'] },
    vtype: {
      type: 'str',
      doc: "The question's type.",
      choices: ['boolean', 'error', 'multiselect', 'note', 'password', 'seen', 'select', 'string', 'text', 'title'],
    },
    value: { type: 'str', doc: 'The answer.', aliases: ['answer'] },
    unseen: { type: 'bool', doc: 'Leave the question marked as not yet asked.', default: false },
  },
  requiredTogether: [['question', 'vtype', 'value']],
  returns: {
    current: 'The answers now.',
    previous: 'The answer before.',
    msg: 'What debconf said.',
  },
  supports: { check: 'full', diff: true },

  async probe({ name }, { target }): Promise<ReadonlyMap<string, string>> {
    const { stdout, stderr, code } = await target.run(sh`LC_ALL=C debconf-show ${name}`);
    if (code !== 0) throw new ModuleFailure(stderr.toString().trim(), { rc: code });
    const answers = new Map<string, string>();
    for (const line of stdout.toString().split('\n')) {
      const colon = line.indexOf(':');
      if (colon !== -1) answers.set(line.slice(0, colon).replace(/^\*/, '').trim(), line.slice(colon + 1).trim());
    }
    return answers;
  },

  diff(answers, { question, vtype, value }) {
    if (question === undefined) return { changed: false, result: { current: Object.fromEntries(answers), msg: '' } };
    const wanted = vtype === 'boolean' ? value!.toLowerCase() : value!;
    const existing = answers.get(question);
    const compared = vtype === 'boolean' ? existing?.toLowerCase() : existing;
    if (compared === wanted) return { changed: false, result: { current: Object.fromEntries(answers), msg: '' } };
    const current = { [question]: wanted };
    const previous = { [question]: existing ?? '' };
    return {
      changed: true,
      result: { current, previous, msg: '' },
      diff: { before: previous, after: current },
      steps: wanted,
    };
  },

  async apply({ steps }, { name, question, vtype, unseen }, { target }) {
    const line = `${name} ${question} ${vtype} ${steps}\n`;
    const { stdout, stderr, code } = await target.run(
      sh`${emit(line)} | debconf-set-selections ${unseen ? ['-u'] : []}`,
    );
    if (code !== 0) throw new ModuleFailure(stderr.toString().trim(), { rc: code });
    return { msg: stdout.toString() };
  },
});
