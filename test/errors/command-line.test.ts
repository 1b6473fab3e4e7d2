import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectNoTrace, expectRefusal, openProject, play, type Told, warningsIn } from './project.ts';

const refused: readonly [string, readonly string[], number, Told][] = [
  ['an unknown option', ['--forkz', '3'], 2, { message: "unknown option '--forkz'", hint: "did you mean '--forks'?" }],
  [
    'an option without its value',
    ['--limit'],
    2,
    { message: "option '-l, --limit <pattern>' argument missing", hint: "'muster run --help' lists what there is" },
  ],
  [
    'a wrong number of forks',
    ['-f', 'x'],
    2,
    { message: "--forks cannot be 'x'", expected: 'a whole number from 1 on' },
  ],
  ['no forks', ['-f', '0'], 2, { message: "--forks cannot be '0'", expected: 'a whole number from 1 on' }],
  [
    'a wrong timeout',
    ['-T', 'soon'],
    2,
    { message: "--timeout cannot be 'soon'", expected: 'a whole number from 0 on' },
  ],
  [
    'an output that there is not',
    ['--output', 'xml'],
    2,
    { message: "there is no output 'xml'", expected: 'one of console, classic, jsonl, junit' },
  ],
  [
    'extra variables that break off',
    ['-e', '{"a": '],
    4,
    {
      message: "YAML syntax: did not find expected ',' or '}'",
      at: '--extra-vars:1:7',
      line: '{"a":',
      hint: 'a bracket is not closed, or a comma is missing between entries',
    },
  ],
  [
    'extra variables that are a list',
    ['-e', '[1]'],
    5,
    {
      message: 'extra variables must be a mapping, this is list: --extra-vars',
      expected: 'key=value, or a mapping in JSON or YAML',
    },
  ],
  [
    'extra variables from a file that is not there',
    ['-e', '@gone.yml'],
    1,
    {
      message: 'the file of extra variables gone.yml cannot be read',
      expected: 'a YAML or JSON file after -e @',
    },
  ],
];

describe('the command line', () => {
  it.each(refused)('is refused for %s', async (_what, args, code, told) => {
    const outcome = await openProject({ 'site.yml': play() }).run('site.yml', ...args);
    expectRefusal(outcome, code, told);
  });

  it('warns of extra variables that are none', async () => {
    const outcome = await openProject({ 'site.yml': play() }).run('site.yml', '-e', 'a=1 foo');
    expect(outcome.code).toBe(0);
    expect(warningsIn(outcome)).toContain(
      "--extra-vars holds 'foo', which is no key=value and is ignored; quote values that hold blanks",
    );
  });

  it('knows playbooks that have a name like the one that is not there', async () => {
    const project = openProject({ 'site.yml': play() });
    expectRefusal(await project.run('stie.yml'), 1, {
      message: 'there is no playbook stie.yml',
      hint: "did you mean 'site.yml'?",
    });
  });

  it('wants a playbook, and one that is a file', async () => {
    const project = openProject({ 'folder/site.yml': play() });
    expectRefusal(await project.run('folder'), 1, {
      message: 'the playbook folder is a directory',
      expected: 'a YAML file with plays',
    });
    expectRefusal(await project.run(), 2, {
      message: "missing required argument 'playbook'",
      hint: "'muster run --help' lists what there is",
    });
  });

  it('takes tags that no task has', async () => {
    const outcome = await openProject({ 'site.yml': play() }).run('site.yml', '--tags', 'nowhere');
    expect([outcome.code, outcome.touched]).toEqual([0, false]);
    expectNoTrace(outcome);
  });

  it('says that --start-at-task met no task', async () => {
    const outcome = await openProject({ 'site.yml': play() }).run('site.yml', '--start-at-task', 'nowhere');
    expect([outcome.code, outcome.touched]).toEqual([0, false]);
    expect(outcome.stderr).toContain("ERROR! no task is called 'nowhere', so --start-at-task passed over all");
  });

  it('may forbid modules by a file that the configuration names', async () => {
    const project = openProject({
      'site.yml': play('    - ansible.builtin.tempfile:\n'),
      'ansible.cfg': '[defaults]\nplugin_filters_cfg = filters.yml\n',
      'filters.yml': 'filter_version: 1.0\nmodule_blacklist: [tempfile, lookup_of_that_name]\n',
    });
    expectRefusal(await project.run('site.yml'), 4, {
      message: "the module 'ansible.builtin.tempfile' must not be used",
      at: 'site.yml:5:7',
      line: '    - ansible.builtin.tempfile:',
      hint: 'filters.yml rejects it',
    });
  });

  it('does not begin where that file forbids stat, on which other modules rest', async () => {
    const project = openProject({
      'site.yml': play(),
      'ansible.cfg': '[defaults]\nplugin_filters_cfg = filters.yml\n',
      'filters.yml': 'filter_version: 1.0\nmodule_rejectlist: [tempfile, stat]\n',
    });
    const outcome = await project.run('site.yml');
    expect([outcome.code, outcome.touched]).toEqual([5, false]);
    expect(outcome.stderr).toContain('the plugin filter file filters.yml rejects ansible.builtin.stat, which other');
    expectNoTrace(outcome);
  });

  it('warns of a file of forbidden modules that makes no sense', async () => {
    const project = openProject({
      'site.yml': play(),
      'ansible.cfg': '[defaults]\nplugin_filters_cfg = filters.yml\n',
      'filters.yml': 'module_blacklist: [copy]\n',
    });
    const outcome = await project.run('site.yml');
    expect([outcome.code, outcome.touched]).toEqual([0, true]);
    expect(warningsIn(outcome)).toContain(
      "the plugin filter file filters.yml has no 'filter_version' and is passed over",
    );
  });

  it('ends a process of its own with the same code, and says nothing else', async () => {
    const project = openProject({ 'site.yml': play('    - coppy: {}\n') });
    const main = fileURLToPath(new URL('../../runner/cli/main.ts', import.meta.url));
    const tsx = import.meta.resolve('tsx');
    const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
      execFile(
        process.execPath,
        ['--import', tsx, main, 'run', '-i', 'localhost,', 'site.yml'],
        { cwd: project.directory },
        (error, stdout, stderr) => resolve({ code: error?.code, stdout, stderr }),
      ),
    );
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(
      /^ERROR! 'coppy' is neither .*\n {2}at .*site\.yml:5:7\n(.*\n)+hint: did you mean 'copy'\?\n$/,
    );
  });

  it('shows mistakes in the configuration', async () => {
    const files = { 'site.yml': play(), 'ansible.cfg': '[defaults]\nforks = many\n' };
    const outcome = await openProject(files).run('site.yml');
    expectRefusal(outcome, 5, {
      message: 'forks cannot be "many" (ansible.cfg:2)',
      at: 'ansible.cfg:2:1',
      line: 'forks = many',
      expected: 'a whole number',
    });
  });
});
