import { readFileSync } from 'node:fs';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ModuleHost, openModuleHost, type Tools } from '../../test/support/module-host.ts';
import { sh } from '../connection/index.ts';
import { detachedTarget } from '../engine/task/detached-target.ts';
import asyncStatus from './async_status.ts';
import { executeCommand } from './shared/commands/index.ts';

const patience = { timeout: 30_000, interval: 50 };

describe.each<Tools>(['gnu', 'busybox'])('async_status of a job that another run began, with %s tools', (tools) => {
  let host: ModuleHost;
  const stopping: AbortController[] = [];
  beforeEach(async () => {
    host = await openModuleHost(tools);
  });
  afterEach(async () => {
    for (const one of stopping.splice(0)) one.abort();
    await host.run(asyncStatus, { jid: 'j1.1', mode: 'cleanup' }, { variables: { ansible_async_dir: host.directory } });
    await host.close();
  });
  const place = (name: string) => join(host.directory, `j1.1.d/1.${name}`);
  const ask = () => host.run(asyncStatus, { jid: 'j1.1' }, { variables: { ansible_async_dir: host.directory } });

  /** Begins a job as a run does, and ends the run once the job is on its way. */
  const begin = async (text: string): Promise<void> => {
    const watch = new AbortController();
    stopping.push(watch);
    const job = { directory: host.directory, id: 'j1.1', limit: 100, hasBegun: false };
    let hasBegun = false;
    const target = detachedTarget(host.target, job, watch.signal, () => {
      hasBegun = true;
    });
    const context = { target, output: () => {} } as unknown as Parameters<typeof executeCommand>[1];
    const work = executeCommand({ words: sh`sh -c ${text}` }, context).catch(() => {});
    await vi.waitFor(() => expect(hasBegun).toBe(true), patience);
    await vi.waitFor(() => expect(readFileSync(place('pid'), 'utf8')).toMatch(/\n$/), patience);
    watch.abort();
    await work;
  };
  const ends = () => vi.waitFor(() => expect(readFileSync(place('rc'), 'utf8')).not.toBe(''), patience);

  it('tells what a command came to', async () => {
    await begin('echo done; echo why >&2; exit 3');
    await ends();
    expect(await ask()).toEqual({
      ...{ ansible_job_id: 'j1.1', started: 1, finished: 1, results_file: join(host.directory, 'j1.1') },
      ...{ changed: true, failed: true, rc: 3, msg: 'non-zero return code' },
      ...{ stdout: 'done', stdout_lines: ['done'], stderr: 'why', stderr_lines: ['why'] },
    });
  });

  it('tells that it runs, and that it is lost once its process is gone', async () => {
    await begin('sleep 300');
    expect(await ask()).toMatchObject({ started: 1, finished: 0 });
    const [pid = ''] = (await readFile(place('pid'), 'utf8')).split(' ');
    expect(Number(pid)).toBeGreaterThan(1);
    await host.target.run(sh`kill -9 -${pid} 2>/dev/null || kill -9 ${pid}`);
    await vi.waitFor(async () => {
      const lost = await ask();
      expect(lost).toMatchObject({ started: 1, finished: 1, failed: true });
      expect(lost.msg).toBe('the job ended without telling how: it was killed, or the host was started anew');
    }, patience);
  });

  it('takes no other process for it: not after a reboot, and not one with its number', async () => {
    await begin('sleep 300');
    const told = await readFile(place('pid'), 'utf8');
    const [pid = '', boot = '', start = ''] = told.trim().split(' ');
    expect([boot.length, start]).toEqual([36, expect.stringMatching(/^\d+$/)]);
    for (const other of [`${pid} ${boot.replace(/./g, 'f')} ${start}`, `${process.pid} ${boot} ${start}`]) {
      await writeFile(place('pid'), `${other}\n`);
      expect(await ask()).toMatchObject({ finished: 1, failed: true, msg: expect.stringContaining('was killed') });
    }
    await writeFile(place('pid'), told);
    expect(await ask()).toMatchObject({ finished: 0 });
    await host.target.run(sh`kill -9 -${pid} 2>/dev/null || kill -9 ${pid}`);
  });

  it('says so when nobody was there to tell what another module came to', async () => {
    await begin('true');
    await ends();
    await writeFile(place('out'), 'something\n');
    expect(await ask()).toMatchObject({ finished: 0 });
    const before = new Date(Date.now() - 3_600_000);
    await utimes(place('rc'), before, before);
    expect(await ask()).toMatchObject({
      finished: 1,
      failed: true,
      msg: "the run that began the job ended before it told what came of it; the job's last script ended with exit code 0",
    });
  });
});
