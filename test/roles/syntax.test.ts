import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRequired, titled } from './needs.ts';

const root = join(import.meta.dirname, '../..');
const playbooks = (await readdir(join(root, 'playbooks'))).filter((name) => name.endsWith('.yml'));
const hasAnsible = (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, 'ansible-playbook')));

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe.runIf(isRequired || hasAnsible)(
  titled('the playbooks', hasAnsible ? [] : ['ansible-playbook']),
  { timeout: 120_000 },
  () => {
    test('are understood by Ansible and by muster', () => {
      expect(playbooks).toContain('slapos_comp1.yml');
      expect(playbooks).toContain('ha_switch.yml');
      const files = playbooks.map((name) => join('playbooks', name));
      const options = ['-i', 'inventory/demo.ini', '--syntax-check'];
      const said = run('ansible-playbook', [...options, ...files]);
      for (const file of files) expect(said).toContain(`playbook: ${file}`);
      run(process.execPath, ['--import', 'tsx', 'runner/cli/main.ts', 'run', ...options, ...files]);
    });
  },
);
