import { expect, test } from 'vitest';
import { maskCommand } from './mask-command.ts';

const same = (text: string): string => text;

test('keeps nothing of extra variables but their names until it is known what is secret', () => {
  expect(
    maskCommand(['site.yml', '-e', 'a=1 b="two words"', '--extra-vars={"x": "y"}', '-e@vars.yml'], undefined),
  ).toEqual(['site.yml', '-e', 'a=******** b=********', '--extra-vars=********', '-e@vars.yml']);
});

test('masks values whose names tell of secrets, in each form', () => {
  const args = ['-e', 'version=1.2 db_password=x pin=12', '-edb_token=abc', '-e', '{"api_key": "a \\"b\\" c", "n": 1}'];
  expect(maskCommand(args, same)).toEqual([
    '-e',
    'version=1.2 db_password=******** pin=********',
    '-edb_token=********',
    '-e',
    '{"api_key": ********, "n": 1}',
  ]);
  expect(maskCommand(["--extra-vars=ssh_pass='a b' x=1"], same)).toEqual(['--extra-vars=ssh_pass=******** x=1']);
});

test('masks passwords in addresses, what is known to be secret, but no paths of keys', () => {
  const args = ['--private-key=/home/me/.ssh/id', '-e', 'repo=https://me:pw@git.example.com/x note=hunter2'];
  expect(maskCommand(args, (text) => text.replaceAll('hunter2', '********'))).toEqual([
    '--private-key=/home/me/.ssh/id',
    '-e',
    'repo=https://me:********@git.example.com/x note=********',
  ]);
});
