import { vi } from 'vitest';
import { main } from '../../runner/cli/index.ts';
import { capturingOutput } from '../support/captured-output.ts';
import { openFolder } from '../support/scratch-folder.ts';

/** Playbooks in a scratch directory, which is the working directory until it is closed, with records of their own. */
export class Project {
  readonly #folder = openFolder('muster-project-');
  readonly directory = this.#folder.path;
  readonly #before = process.cwd();

  constructor() {
    this.write('ansible.cfg', '[defaults]\nlocalhost_warning = false\n');
    this.write('inventory', 'a\nb\nc\n[all:vars]\nansible_connection=local\n');
    process.chdir(this.directory);
    vi.stubEnv('MUSTER_RECORD', 'true');
    vi.stubEnv('MUSTER_RUNS_DIR', this.#folder.at('runs'));
    vi.stubEnv('NO_COLOR', '1');
  }

  write(name: string, text: string): void {
    this.#folder.write(name, text);
  }

  /** Runs muster in this process, and gives what it writes. */
  async muster(...args: string[]): Promise<{ text: string; exitCode: number }> {
    try {
      const { value: exitCode, text } = await capturingOutput(() => main(args));
      return { exitCode, text };
    } finally {
      process.chdir(this.directory);
    }
  }

  /** The playbook `site.yml` with these plays' tasks for all hosts, and the run of it. */
  run(...more: string[]): Promise<{ text: string; exitCode: number }> {
    return this.muster('run', '-i', 'inventory', 'site.yml', '--output', 'classic', ...more);
  }

  playbook(tasks: string, rest = ''): void {
    this.write(
      'site.yml',
      `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replaceAll(/^(?=.)/gm, '    ')}${rest}`,
    );
  }

  /** The lines that tasks have left in a file, sorted: hosts come in any order. */
  lines(name = 'log'): string[] {
    const text = this.#folder.read(name).trimEnd();
    return text === '' ? [] : text.split('\n').sort();
  }

  close(): void {
    vi.unstubAllEnvs();
    process.chdir(this.#before);
    this.#folder.remove();
  }
}
