import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, openLab } from '../lab/lab.ts';
import { buildProgram, type Program } from '../resume/program.ts';
import { isRoot } from '../support/sshd.ts';

const isRequired = process.env.MUSTER_TEST_REQUIRE_ALL === '1';
const hasAll = isRoot && existsSync('/usr/bin/systemd-nspawn') && existsSync('/usr/sbin/debootstrap');
const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

const schedules = `
defaults: {inventory: hosts}
schedules:
  - {name: often, playbook: often.yml, schedule: "@2s"}
  - {name: long, playbook: long.yml, schedule: "@0"}
`;
const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`;
const files: Readonly<Record<string, string>> = {
  'schedules.yml': schedules,
  hosts: 'here ansible_connection=local\n',
  'muster.cfg': '[muster]\nruns_dir = /srv/runs\nschedule_state = /srv/state/schedules.db\n',
  'often.yml': play('    - shell: echo begin >>/srv/often; sleep 0.3; echo end >>/srv/often\n'),
  'long.yml': play(
    '    - shell: touch /srv/long; until [ -e /srv/go ]; do sleep 0.1; done; echo first >>/srv/told\n    - shell: echo second >>/srv/told\n',
  ),
};

describe.runIf(hasAll || isRequired)(
  'the unit of schedules, on a host with systemd (needs root and systemd-container)',
  () => {
    let lab: Lab;
    let program: Program;
    let muster: string;
    beforeAll(async () => {
      program = await buildProgram();
      lab = await openLab({ hosts: 1, shared: [process.execPath, packages] });
      muster = [process.execPath, ...program.words].join(' ');
      for (const [name, text] of Object.entries(files)) {
        await ran(`mkdir -p /srv/site; cat >/srv/site/${name} <<'END'\n${text}\nEND`);
      }
    }, 600_000);
    afterAll(async () => {
      await lab?.close();
      program?.close();
    }, 120_000);

    const run = (command: string) => lab.exec('web1', command);
    const ran = async (command: string): Promise<string> => {
      const { code, stdout, stderr } = await run(command);
      if (code !== 0)
        throw new Error(
          `${command}: ${stderr}${stdout}${(await run('journalctl -u muster-schedule --no-pager | tail -n 30')).stdout}`,
        );
      return stdout.trim();
    };
    const untilRan = async (command: string): Promise<string> => {
      for (let attempt = 0; ; attempt++) {
        const { code, stdout } = await run(command);
        if (code === 0) return stdout.trim();
        if (attempt === 600) return ran(command);
        await sleep(100);
      }
    };
    const mainProcess = () => ran('systemctl show -P MainPID muster-schedule');
    const fetched = (path: string): string =>
      `python3 -c 'import urllib.request as r; print(r.urlopen("http://127.0.0.1:9877${path}").read().decode())'`;
    const told = (unit: string, event: string): string =>
      `journalctl -u ${unit} --no-pager -o cat | grep '"event":"${event}"'`;
    // Waits until the schedule has run this many times more, which the daemon in charge has begun.
    const runsMore = async (count: number): Promise<void> => {
      const before = Number(await ran('touch /srv/often; grep -c end /srv/often || :'));
      await untilRan(`[ "$(grep -c end /srv/often)" -ge ${before + count} ]`);
    };

    test('begins, tells its state, is begun again, reads its file anew, and lets running tasks end', async () => {
      const said = await ran(
        `cd /srv/site && ${muster} schedule install --name muster-schedule --listen 127.0.0.1:9877`,
      );
      expect(said).toContain('/etc/systemd/system/muster-schedule.service is written');
      expect(await ran('systemd-analyze verify --man=no /etc/systemd/system/muster-schedule.service 2>&1')).toBe('');
      // It is a unit of the kind that says when it is ready, so this comes back when it works.
      await ran('systemctl enable --now muster-schedule');
      expect(await ran('systemctl is-active muster-schedule')).toBe('active');
      await runsMore(1);
      expect(await ran(fetched('/healthz'))).toContain('ok');
      await untilRan(`${fetched('/metrics')} | grep -E '^muster_schedule_runs_total.*often.*ok.* [1-9]'`);

      // Killed, systemd begins it again, and no run is done twice.
      const first = await mainProcess();
      await ran(`kill -9 ${first}`);
      await untilRan(
        `id=$(systemctl show -P MainPID muster-schedule); [ "$id" != 0 ] && [ "$id" != ${first} ] && systemctl is-active muster-schedule`,
      );
      await runsMore(1);

      // A second daemon shares the work, and takes no run twice.
      await ran(`systemd-run --quiet --unit=second --working-directory=/srv/site ${muster} schedule start`);
      await untilRan(told('second', 'started'));
      // What was killed with the first daemon left a beginning without an end.
      await ran(': >/srv/often');
      await runsMore(2);
      expect((await ran('cat /srv/often')).replace(/begin$/, '').trim()).toMatch(/^(end\n)?(begin\nend\n?)+$/);
      await ran('systemctl stop second');

      // A new file is read by a reload, with the same process.
      const process_ = await mainProcess();
      await ran(`cd /srv/site && sed -i 's/"@0"/"@1h"/' schedules.yml && systemctl reload muster-schedule`);
      await untilRan('[ -e /srv/long ]');
      expect(await mainProcess()).toBe(process_);

      // In the middle of a run it is stopped: the task that runs ends, no other begins.
      await ran('systemctl stop --no-block muster-schedule');
      await untilRan(told('muster-schedule', 'stopping'));
      await ran('touch /srv/go');
      await untilRan('[ "$(systemctl is-active muster-schedule)" = inactive ]');
      expect(await ran('cat /srv/told')).toBe('first');
      expect(await ran('systemctl show -P Result muster-schedule')).toBe('success');
      const list = await ran(`cd /srv/site && ${muster} schedule list && ${muster} history --playbook long.yml`);
      expect(list).toMatch(/^long +\S+ \S+ interrupted /m);
      expect(list).toMatch(/interrupted .*long\.yml/);
      await ran(`cd /srv/site && ${muster} resume $(${muster} history --playbook long.yml | awk 'END {print $1}')`);
      expect(await ran('cat /srv/told')).toBe('first\nsecond');
    }, 300_000);
  },
);
