import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Canaries } from '../../../test/support/canary.ts';
import { daemonsForTests } from '../../../test/support/daemons.ts';
import { startServer } from '../../../test/support/http-server.ts';
import { type ScheduleFolder, type SimulatedDaemon, scheduleFolder } from '../../../test/support/schedules.ts';
import { startMailServer } from '../../../test/support/smtp-server.ts';
import { VaultSecrets } from '../../vault/index.ts';

// Runs are real processes, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 200_000 });

const { cleanUp, start } = daemonsForTests();

const runOnce = async (folder: ScheduleFolder): Promise<SimulatedDaemon> => {
  const daemon = await start(folder, '2026-11-20T12:00:00Z');
  await daemon.quiet();
  return daemon;
};

const folderWith = (schedules: string): ScheduleFolder => {
  const folder = scheduleFolder(schedules);
  cleanUp(folder.remove);
  folder.write('good', 'exit 0\n');
  folder.write('bad', 'echo "ERROR! it broke" >&2; exit 2\n');
  return folder;
};

it('tells a command by its environment and its input', async () => {
  const folder = folderWith(`
schedules:
  - name: job
    description: What it is for
    playbook: bad
    schedule: "@1d"
    on_failure: [{command: 'cat >report.json; echo "$MUSTER_EVENT $MUSTER_SCHEDULE $MUSTER_OUTCOME $MUSTER_FAILED" >environment'}]
    on_success: [{command: [touch, success]}]
`);
  const daemon = await runOnce(folder);
  expect(folder.read('environment')).toBe('failure job failed 0\n');
  expect(JSON.parse(folder.read('report.json'))).toMatchObject({
    event: 'failure',
    schedule: 'job',
    description: 'What it is for',
    outcome: 'failed',
    reason: 'schedule',
    attempt: 1,
    playbooks: ['bad'],
    message: 'ERROR! it broke',
    text: expect.stringMatching(/^job: failed\nbad on .*, 0 hosts, 0ms\nERROR! it broke$/),
  });
  expect(folder.has('success')).toBe(false);
  expect(daemon.told('hook_done', 'schedule', 'hook', 'on')).toEqual(['job command failure']);
});

it('goes on to the next hook when one fails, and says why', async () => {
  const server = await startServer((_request, response) => response.writeHead(503).end());
  cleanUp(server.close);
  const folder = folderWith(`
mail: {host: 127.0.0.1, port: 1, from: a@example.com}
schedules:
  - name: job
    playbook: good
    schedule: "@1d"
    on_success:
      - command: exit 3
      - {command: sleep 60, timeout: 50ms}
      - webhook: ${server.url}/secret-path
      - webhook: http://127.0.0.1:1/secret-path
      - mail: b@example.com
      - command: touch last
`);
  const daemon = await runOnce(folder);
  expect(daemon.told('hook_failed', 'hook', 'reason')).toEqual([
    'command exit code 3',
    'command it took longer than 0.05 seconds',
    'webhook the server answered 503',
    expect.stringMatching(/^webhook the server cannot be reached/),
    expect.stringMatching(/^mail .*ECONNREFUSED/),
  ]);
  expect(JSON.stringify(daemon.log)).not.toContain('secret-path');
  expect(folder.has('last')).toBe(true);
});

it('sends webhooks and mails with what is encrypted in the file, and shows it nowhere', async () => {
  const canaries = new Canaries('path', 'token', 'password', 'vault');
  const server = await startServer((_request, response) => response.end());
  const mail = await startMailServer();
  cleanUp(server.close, mail.close);
  const vault = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from(canaries.of('vault')) }] });
  const encrypted = (text: string): string =>
    `!vault |\n${vault.encrypt(Buffer.from(text)).trim().replace(/^/gm, '            ')}\n`;
  const folder = folderWith(`
defaults: {vault_password_file: password}
mail:
  host: 127.0.0.1
  port: ${mail.port}
  from: muster@example.com
  user: mailer
  password: ${encrypted(canaries.of('password'))}
schedules:
  - name: job
    playbook: good
    schedule: "@1d"
    on_success:
      - webhook: ${encrypted(`${server.url}/${canaries.of('path')}`)}
        method: PUT
        headers:
          X-Kind: test
          Authorization: ${encrypted(`Bearer ${canaries.of('token')}`)}
      - mail: [ops@example.com, dev@example.com]
        subject: All is well
`);
  folder.write('password', canaries.of('vault'));
  const daemon = await runOnce(folder);
  expect(daemon.told('hook_failed', 'hook', 'reason')).toEqual([]);
  const [request] = server.requests;
  expect(request).toMatchObject({
    method: 'PUT',
    url: `/${canaries.of('path')}`,
    headers: { 'x-kind': 'test', authorization: `Bearer ${canaries.of('token')}`, 'content-type': 'application/json' },
  });
  expect(JSON.parse(request!.body.toString('utf8'))).toMatchObject({ schedule: 'job', outcome: 'ok' });
  const [sent] = mail.mails;
  expect(sent).toMatchObject({
    from: 'muster@example.com',
    to: ['ops@example.com', 'dev@example.com'],
    login: `mailer:${canaries.of('password')}`,
  });
  expect(sent!.data).toContain('Subject: All is well');
  expect(sent!.data).toContain('job: ok');
  canaries.expectNone('the log', JSON.stringify(daemon.log));
  await daemon.stop();
  canaries.expectNoneBelow(join(folder.path, 'state'));
});
