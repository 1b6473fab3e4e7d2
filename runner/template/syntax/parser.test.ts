import { describe, expect, test } from 'vitest';
import type { TemplateError } from '../../errors/index.ts';
import { locate } from '../positions.ts';
import { defaultSyntax, parse, type Syntax } from './index.ts';

const failure = (source: string, changes: Partial<Syntax> = {}): string => {
  try {
    parse(source, { ...defaultSyntax, ...changes });
  } catch (error) {
    const { problems } = locate(error as TemplateError, { file: 't.j2', line: 1, column: 1 });
    const { message, origin, hint } = problems[0]!;
    return `${origin?.line}:${origin?.column} ${message}${hint ? ` (${hint})` : ''}`;
  }
  return 'no error';
};

describe('syntax errors name the place and what was expected', () => {
  test.each([
    ['{{ a b }}', "1:6 expected '}}', got 'b'"],
    ['x\n  {{ (a }}', "2:9 unexpected '}', expected ')'"],
    ['{{ }}', "1:4 expected an expression, got the end of the expression ('}}')"],
    ['{% if a %}\n{{ b }}', "1:4 the tag 'if' is never closed: expected 'elif' or 'else' or 'endif'"],
    ['{% fro x %}', "1:4 unknown tag 'fro' (did you mean 'from'?)"],
    [
      '{% for a in b %}\n{% endif %}',
      "2:4 'endif' stands inside of 'for' (line 1 of the template), which is not closed",
    ],
    ['{% endif %}', "1:4 'endif' closes nothing"],
    ['{{ a || b }}', "1:7 expected a filter's name, got '|' ('or' is the word for 'one of the two')"],
    ['{{ a & b }}', "1:6 unexpected character '&'"],
    ["{{ 'a }}", `1:4 unexpected character "'"`],
    ['a\n{# b', '2:1 the comment is never closed'],
    ['{% raw %}{{', '1:1 the raw block is never closed: expected endraw'],
    ['{% if a = 1 %}{% endif %}', "1:9 expected '%}', got '=' ('==' compares)"],
    ['{% set 5 = 1 %}', '1:8 only names can be assigned to'],
    ["{{ 'x' is string is true }}", "1:18 a test cannot follow a test: join them with 'and'"],
    ['{{ f(a=1, 2) }}', '1:11 this argument may not stand after those before it'],
    ['{{ f(a=1, a=2) }}', "1:11 the argument 'a' is given twice"],
    ["{{ '\\x4' }}", '1:4 truncated \\xXX escape'],
    ['{% block a-b %}', "1:11 a block's name is one word: letters, digits and '_'"],
    ['{% %}', "1:4 expected a tag's name, got the end of the tag ('%}')"],
  ])('%j', (source, expected) => {
    expect(failure(source)).toBe(expected);
  });

  test('positions stay those of the source when backslashes are doubled', () => {
    expect(failure("{{ 'a\\d' }} {{ 'b\\c' x }}", { escapeBackslashes: true })).toBe("1:22 expected '}}', got 'x'");
  });

  test('break has to stand in a loop', () => {
    const extensions = ['jinja2.ext.loopcontrols'];
    expect(failure('{% break %}', { extensions })).toBe("1:4 'break' stands outside of a loop");
    expect(failure('{% for a in b %}{% break %}{% endfor %}', { extensions })).toBe('no error');
    expect(failure('{% break %}')).toContain("unknown tag 'break'");
  });

  test('JavaScript is no part of the language', () => {
    for (const source of ['{{ a === b }}', '{{ a ? b : c }}', '{{ () => 1 }}', '{{ new Date() }}', '{{ r/x/ }}']) {
      expect(failure(source), source).not.toBe('no error');
    }
  });
});
