import { expect, it } from 'vitest';
import { parseKeyValues, splitArguments } from './key-value.ts';
import answers from './key-value-answers.json' with { type: 'json' };

type Answer = [Record<string, string>, string | null] | null;

const read = (text: string, isCommand: boolean): Answer => {
  try {
    const { options, raw } = parseKeyValues(text, isCommand);
    return [Object.fromEntries(options), raw ?? null];
  } catch {
    return null;
  }
};

// The answers were recorded from Ansible: as key=value text, and as the text of a command.
it.each(answers as [string, Answer, Answer][])('reads %j as Ansible does', (text, plain, command) => {
  expect(read(text, false)).toEqual(plain);
  expect(read(text, true)).toEqual(command);
});

it('keeps template blocks and quotes whole', () => {
  expect(splitArguments(`a={{ b | default('x y') }} "c d" {% if e %} f {% endif %}`)).toEqual([
    "a={{ b | default('x y') }}",
    '"c d"',
    '{% if e %}',
    'f',
    '{% endif %}',
  ]);
});

it('tells what is not closed', () => {
  expect(() => splitArguments("msg='it is")).toThrow("a ' is not closed");
  expect(() => splitArguments('msg={{ x')).toThrow('a template block is not closed');
});
