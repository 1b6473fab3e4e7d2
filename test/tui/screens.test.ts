import { afterEach, describe, expect, test } from 'vitest';
import { type Drawn, type DrawOptions, draw, sizes } from './draw.ts';
import { sampleEvents, sampleRecord } from './sample.ts';

let drawn: Drawn | undefined;
afterEach(() => {
  drawn?.close();
  drawn = undefined;
});

const open = async (options: DrawOptions = {}): Promise<Drawn> => {
  drawn = await draw(options);
  return drawn;
};

/** A run that is on its way. */
const openRun = async (options: DrawOptions = {}): Promise<Drawn> => {
  const tui = await open({ screen: 'run', request: { playbooks: ['playbooks/site.yml'] }, ...options });
  for (const event of sampleEvents()) tui.services.reader!(event);
  await tui.screen();
  return tui;
};

describe.each(sizes)('at $columns x $rows', (size) => {
  test.each([
    ['playbooks', '> playbooks/site.yml', 'Every host, Web servers'],
    ['inventory', '> @all', 'inventory/group_vars/all.yml:2'],
    ['history', '> 0gr4kxq', 'interrupted'],
    ['schedules', '> backup', '~02:00-04:00'],
  ] as const)('shows %s', async (screen, row, text) => {
    const tui = await open({ screen, size });
    const lines = await tui.screen();
    expect(lines).toHaveLength(size.rows);
    expect(lines[0]).toContain(screen);
    expect(lines.some((line) => line.startsWith(row))).toBe(true);
    expect(lines.join('\n')).toContain(text);
    expect(lines.at(-1)).toContain('q quit');
  });

  test('shows a run as it goes on', async () => {
    const tui = await openRun({ size });
    const text = (await tui.screen()).join('\n');
    expect(text).toMatch(/site\.yml +running +6\.\ds +play 2\/2 Web servers/);
    expect(text).toContain('8 hosts, 1 failed');
    expect(text).toContain('fetching /news.html');
    expect(text).toMatch(/> web1 +.*\. \. \. \. >/);
    expect(text).toMatch(/ {2}web3 +.*\. \. F/);
  });

  test('shows a form, and asks for nothing that cannot be typed', async () => {
    const tui = await open({ size });
    await tui.press('enter');
    const text = (await tui.screen()).join('\n');
    for (const label of ['limit', 'check mode', 'Which release? *', 'Deploy token', 'nginx_workers', '< safe >']) {
      expect(text).toContain(label);
    }
  });

  test('shows all keys', async () => {
    const tui = await openRun({ size });
    await tui.press('?');
    const text = (await tui.screen()).join('\n');
    for (const part of ['Keys of run', 'Keys everywhere', 'next failure', 'stop']) expect(text).toContain(part);
    await tui.press('x');
    expect((await tui.screen()).join('\n')).not.toContain('Keys everywhere');
  });
});

test('says so where there is too little room', async () => {
  const tui = await open({ size: { columns: 30, rows: 8 } });
  expect((await tui.screen())[0]).toContain('too small');
});

test('fills a form in and starts the run that it stands for', async () => {
  const tui = await open();
  await tui.press('enter', 'down', ...'web*', 'down', 'down', 'down', ' ', 'down', 'down', ...'a=1');
  await tui.press('down', ...'2.1', 'down', ...'s3cret', 'down', 'ctrl-u', ...'8', 'down', 'right', 'down', ...'["x"]');
  expect((await tui.screen()).join('\n')).not.toContain('s3cret');
  await tui.press('enter', 'enter');
  expect(tui.services.requests).toEqual([
    {
      playbooks: ['playbooks/site.yml'],
      inventory: ['inventory/hosts.yml'],
      limit: 'web*',
      tags: undefined,
      skipTags: undefined,
      check: true,
      diff: false,
      extraVars: ['{"nginx_workers": 8, "nginx_mode": "fast", "nginx_sites": ["x"]}', 'a=1'],
      answers: new Map([
        ['release', '2.1'],
        ['token', 's3cret'],
      ]),
      secretVars: undefined,
    },
  ]);
  expect((await tui.screen())[0]).toContain('[3 run]');
});

test('tells what is wrong in a form before anything starts', async () => {
  const tui = await open();
  await tui.press('enter', ...Array.from({ length: 9 }, () => 'down'), 'ctrl-u', ...'many', 'ctrl-r');
  expect(tui.services.requests).toEqual([]);
  expect((await tui.screen()).join('\n')).toContain('nginx_workers has to be a number');
  await tui.press('escape');
  expect((await tui.screen()).join('\n')).toContain('PLAYBOOK');
});

test('goes through a run by keys', async () => {
  const tui = await openRun();
  await tui.press('n');
  let text = (await tui.screen()).join('\n');
  expect(text).toContain('web3 failed');
  expect(text).toContain("No package matching 'nginx' is available");
  await tui.press('right', 'up', 'd');
  text = (await tui.screen()).join('\n');
  expect(text).toContain('+worker_processes auto;');
  await tui.press('v');
  expect((await tui.screen()).join('\n')).toContain('nginx_workers = 4  host_vars/web1');
  await tui.press('e');
  expect(tui.edits).toEqual(['roles/nginx/tasks/main.yml:6']);
  await tui.press('f', 'l');
  expect((await tui.screen()).join('\n')).toContain('Warm the cache up');
});

test('filters a run by host, task, status and text', async () => {
  const tui = await openRun();
  const hosts = async (): Promise<string[]> =>
    (await tui.screen()).flatMap((line) => /^[> ] (web\d|db\d) /.exec(line)?.[1] ?? []);
  await tui.press('/', ...'status:failed', 'enter');
  expect(await hosts()).toEqual(['web3']);
  await tui.press('escape', '/', ...'host:db', 'enter');
  expect(await hosts()).toEqual(['db1', 'db2']);
  await tui.press('escape', '/', ...'No package', 'enter');
  expect(await hosts()).toEqual(['web3']);
  await tui.press('escape', 'x');
  expect(await hosts()).toEqual(['web3']);
  expect((await tui.screen()).at(-1)).toContain('/status:failed');
});

test('pauses, goes on and stops a run by its handle', async () => {
  const tui = await openRun();
  await tui.press('p');
  expect((await tui.screen())[1]).toContain('paused');
  await tui.press('p', 's');
  expect((await tui.screen())[1]).toContain('stopping');
  await tui.press('s');
  expect(tui.services.calls).toEqual(['pause', 'resume', 'interrupt as asked', 'interrupt now']);
  tui.services.end(99);
  await tui.screen();
  expect((await tui.screen())[1]).toContain('broke off');
});

test('leaves a run that goes on only when it is told how', async () => {
  const tui = await openRun();
  await tui.press('q');
  expect((await tui.screen()).at(-2)).toContain('A run goes on');
  await tui.press('escape', 'q', 's');
  expect(tui.services.calls).toEqual(['interrupt graceful']);
  expect(tui.hasQuit()).toBe(false);
  tui.services.end(99);
  await tui.screen();
  expect(tui.hasQuit()).toBe(true);
});

test('asks for answers and passwords, and shows none of the secret ones', async () => {
  const tui = await openRun();
  const { asking } = tui.services;
  const prompter = asking.prompter((text) => text);
  const plain = prompter.ask({ text: 'Which release?', isSecret: false, default: '2.0', confirm: false });
  const secret = prompter.ask({ text: 'Password', isSecret: true, default: undefined, confirm: true });
  expect((await tui.screen()).join('\n')).toContain('Which release? [2.0]');
  await tui.press('enter', ...'hunter2', 'enter');
  expect((await tui.screen()).join('\n')).toContain('again: Password');
  await tui.press(...'hunter3', 'enter');
  expect((await tui.screen()).at(-1)).toContain('Esc aborts');
  await tui.press(...'hunter2', 'enter', ...'hunter2', 'enter');
  expect([await plain, await secret]).toEqual(['2.0', 'hunter2']);
  expect(tui.frames().join('\n')).not.toContain('hunter');
});

test('shows long questions and long answers as far as they matter', async () => {
  const tui = await openRun();
  const prompter = tui.services.asking.prompter((text) => text);
  const text = `First read this.\n${'A long sentence. '.repeat(10)}\nWhich of them?`;
  const answer = prompter.ask({ text, isSecret: false, default: undefined, confirm: false });
  await tui.screen();
  await tui.press('x'.repeat(100), 'y');
  const lines = await tui.screen();
  expect(lines.filter((line) => line.includes('A long sentence.')).length).toBeGreaterThan(1);
  const asked = lines.findIndex((line) => line.startsWith('Which of them?'));
  expect(lines[asked]).toMatch(/ x+y$/);
  await tui.press('enter');
  expect(await answer).toBe(`${'x'.repeat(100)}y`);
});

test('waits at a pause until somebody goes on, or aborts', async () => {
  const tui = await openRun();
  const prompter = tui.services.asking.prompter((text) => text);
  const first = prompter.pause('Look at it:', undefined, true);
  await tui.screen();
  await tui.press('enter');
  expect(await first).toBe('');
  const second = prompter.pause('Pausing for 500 seconds', 500, true);
  const outcome = second.catch((error: Error) => error.message);
  expect((await tui.screen()).join('\n')).toContain('c continue');
  await tui.press('a');
  expect(await outcome).toBe('user requested abort!');
});

test('shows what kept a run from beginning, whole', async () => {
  const tui = await open({ screen: 'run', request: { playbooks: ['playbooks/site.yml'] } });
  tui.services.end(new Error('first line\nsecond line'));
  await tui.screen();
  const text = (await tui.screen()).join('\n');
  expect(text).toContain('error: first line');
  expect(text).toContain('second line');
});

test('opens a record at its first failure, and plays it step by step', async () => {
  const tui = await open({ screen: 'history' });
  await tui.press('enter');
  let text = (await tui.screen()).join('\n');
  expect(text).toContain('web3 failed');
  expect(text).toContain('held at 1x');
  await tui.press('b');
  expect((await tui.screen()).join('\n')).toContain('no task has begun yet');
  await tui.press('.', '.');
  text = (await tui.screen()).join('\n');
  expect(text).toContain('ok 2');
  await tui.press('z');
  expect((await tui.screen())[2]).toMatch(/failed 1/);
  expect(tui.app.state.shown!.run.events).toBe(sampleRecord().length);
});

test('plays a record at another speed', async () => {
  const tui = await open({ screen: 'history' });
  await tui.press('enter', '+', '+', '+', '+', '+', '+', ' ');
  expect((await tui.screen()).at(-1)).toContain('1000x');
  await expect.poll(() => tui.app.state.shown!.run.events, { timeout: 20_000 }).toBe(sampleRecord().length);
  await expect.poll(async () => (await tui.screen()).at(-1), { timeout: 20_000 }).toContain('held');
});

test('repeats a run on all hosts, or on those that failed', async () => {
  const tui = await open({ screen: 'history', size: sizes[0]! });
  await tui.press('r');
  expect((await tui.screen()).at(-1)).toContain(
    'f the 1 that failed   a all hosts   c go on where it stopped   Esc no',
  );
  await tui.press('f');
  expect(tui.services.requests).toEqual([{ playbooks: [], repeats: ['0gr4kxq', 'failed'] }]);
});

test('starts, pauses and resumes schedules', async () => {
  const tui = await open({ screen: 'schedules' });
  await tui.press('r', 'p', 'j', 'p');
  expect(tui.services.calls).toEqual(['run backup', 'pause backup', 'resume drift']);
  await tui.press('enter');
  expect((await tui.screen())[0]).toContain('[3 run]');
});

test('opens files where variables are set', async () => {
  const tui = await open({ screen: 'inventory' });
  await tui.press('tab', 'j', 'e');
  expect(tui.edits).toEqual(['inventory/host_vars/web1.yml:2']);
});

test('obeys commands, and says which it does not know', async () => {
  const tui = await open();
  await tui.press(':', ...'hist', 'enter');
  expect((await tui.screen())[0]).toContain('[4 history]');
  await tui.press(':', ...'hisstory', 'enter');
  expect((await tui.screen()).at(-1)).toMatch(/there is no command 'hisstory'.*history/);
  await tui.press('escape');
  expect((await tui.screen())[0]).toContain('[1 playbooks]');
  await tui.press(':', 'q', 'enter');
  expect(tui.hasQuit()).toBe(true);
});

test('uses colors only where they are wanted', async () => {
  const colored = await openRun({ hasColor: true });
  expect(colored.frames().at(-1)).toMatch(/\x1b\[[0-9;]*31m/);
  colored.close();
  const plain = await openRun();
  expect(plain.frames().at(-1)).not.toMatch(/\x1b\[[0-9;]*3\dm/);
});

test('draws few frames of many events', async () => {
  const tui = await openRun({ framesPerSecond: 16 });
  const before = tui.app.frames.count;
  const last = sampleEvents().at(-1)!;
  for (let count = 0; count < 100_000; count++) tui.services.reader!({ ...last, seq: count });
  await tui.screen();
  expect(tui.app.frames.count - before).toBeLessThan(20);
});
