import { describe, expect, it } from 'vitest';
import { expectRefusal, openProject, play, type Told } from './project.ts';

// ansible-playbook finds these when the task runs and ends with 2, after it has touched the hosts.
const refused: readonly [string, string, Told][] = [
  [
    'is unknown',
    '    - copy: {content: x, dets: /x}\n',
    {
      message: "'dets' is not an argument of copy",
      at: 'site.yml:5:26',
      line: '    - copy: {content: x, dets: /x}',
      hint: "did you mean 'dest'?",
    },
  ],
  [
    'is of the wrong type',
    '    - copy:\n        content: x\n        dest: /x\n        backup: maybe\n',
    {
      message:
        "copy: argument 'backup' is of type <class 'str'> and we were unable to convert to bool: The value 'maybe' is not a valid boolean.  ",
      at: 'site.yml:8:17',
      line: '        backup: maybe',
    },
  ],
  [
    'is none of the choices',
    '    - file: {path: /x, state: direktory}\n',
    {
      message: 'file: value of state must be one of: absent, directory, file, hard, link, touch, got: direktory',
      at: 'site.yml:5:31',
      line: '    - file: {path: /x, state: direktory}',
      hint: "did you mean 'directory'?",
    },
  ],
  [
    'is missing',
    '    - copy: {content: x}\n',
    {
      message: 'copy: dest is required',
      at: 'site.yml:5:13',
      line: '    - copy: {content: x}',
    },
  ],
];

describe('an argument', () => {
  it.each(refused)('that %s is refused before the run', async (_what, task, told) => {
    const outcome = await openProject({ 'site.yml': play(task) }).run('site.yml');
    // What a module takes is a long list, and grows.
    expectRefusal({ ...outcome, stderr: outcome.stderr.replace(/^expected: attributes, .*\n/m, '') }, 4, told);
  });

  it('may be wrong where the task is there to fail', async () => {
    const project = openProject({
      'site.yml': play(
        '    - file: {path: /x, state: direktory}\n      ignore_errors: yes\n    - block: [{ping: , diff: yes.}]\n      rescue: [{debug: {msg: "{{ ansible_failed_result.msg }}"}}]\n',
      ),
    });
    const outcome = await project.run('site.yml');
    expect(outcome.code).toBe(0);
    expect(outcome.touched).toBe(true);
    expect(outcome.stdout).toContain('value of state must be one of');
    expect(outcome.stdout).toContain("'diff' is str 'yes.', which is not a valid boolean\"}\nat site.yml:7:30\n");
  });
});
