import { expect, test } from 'vitest';
import { playAttended } from '../../test/support/attended-play.ts';

const play = `  vars_prompt:
    - { name: plain, prompt: "A {{ color }} one?", private: no }
    - { name: kept, private: no, unsafe: yes, default: "{{ color }}" }
    - { name: secret, prompt: "", confirm: yes }
    - { name: given, prompt: never asked }
    - { name: hashed, encrypt: md5_crypt, salt: abcdefgh, private: no }
    - { name: salted, encrypt: md5_crypt, salt_size: 7, private: no }
  tasks:
    - debug: { msg: ["{{ plain }}", "{{ kept }}", "{{ secret }}", "{{ given }}", "{{ hashed }}", "{{ salted }}"] }
`;

test('asks with rendered questions and takes answers as the entries say', async () => {
  const answers: Record<string, string> = {
    'A red one?': '{{ color }}!',
    'input for secret': 'tell nobody',
    hashed: 'word',
    salted: 'word',
  };
  const { asked, results } = await playAttended(play, { answer: ({ text }) => answers[text] ?? '' }, ['given=5']);
  expect(asked).toEqual([
    { name: 'plain', text: 'A red one?', isSecret: false, default: undefined, confirm: false },
    { name: 'kept', text: 'kept', isSecret: false, default: 'red', confirm: false },
    { name: 'secret', text: 'input for secret', isSecret: true, default: undefined, confirm: true },
    { name: 'hashed', text: 'hashed', isSecret: false, default: undefined, confirm: false },
    { name: 'salted', text: 'salted', isSecret: false, default: undefined, confirm: false },
  ]);
  const [plain, kept, secret, given, hashed, salted] = results[0]!.result.msg as string[];
  expect([plain, kept, secret, given]).toEqual(['red!', 'red', '********', '5']);
  // The hash as Python's crypt makes it; a salt of the length that was asked for.
  expect(hashed).toBe('$1$abcdefgh$mzswo1dQAnhU66ARk1Ljd/');
  expect(salted).toMatch(/^\$1\$[./0-9A-Za-z]{7}\$/);
});

test('keeps an unsafe answer as it is', async () => {
  const { results } = await playAttended(
    '  vars_prompt: [{ name: raw, private: no, unsafe: yes }]\n  tasks: [{ debug: { var: raw } }]\n',
    { answer: () => '{{ color }}' },
  );
  expect(results[0]?.result.raw).toBe('{{ color }}');
});

test('takes the defaults where nobody can be asked, and says so', async () => {
  const { results, warnings, asked } = await playAttended(
    '  vars_prompt: [{ name: a, default: 12 }, { name: b }]\n  tasks: [{ debug: { msg: "{{ a }} {{ b }}" } }]\n',
    { isInteractive: false },
  );
  expect(asked).toEqual([]);
  expect(results[0]?.result.msg).toBe('12 None');
  expect(warnings).toEqual(['Not prompting as we are not in interactive mode']);
});
