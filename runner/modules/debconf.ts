import { emit, sh } from '../connection/index.ts';
import { defineModule } from './define.ts';
import { replyFailure } from './shared/answers.ts';

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
    const command = sh`debconf-show ${name}`;
    const reply = await target.run(sh`LC_ALL=C ${command}`);
    if (reply.code !== 0) throw replyFailure(command.text, reply);
    const answers = new Map<string, string>();
    for (const line of reply.stdout.toString().split('\n')) {
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
    const command = sh`debconf-set-selections ${unseen ? ['-u'] : []}`;
    const reply = await target.run(sh`${emit(line)} | ${command}`);
    if (reply.code !== 0) throw replyFailure(command.text.trimEnd(), reply);
    return { msg: reply.stdout.toString() };
  },
});
