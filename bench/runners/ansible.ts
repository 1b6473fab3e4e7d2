import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Command } from '../types.ts';
import { type Play, playArguments, playEnvironment } from './play.ts';

/** A run of ansible-playbook with pipelining, which is as fast as it gets without further packages. */
export const ansible = (bench: Bench, play: Play): Command => ({
  argv: ['ansible-playbook', ...playArguments(play)],
  env: {
    ...playEnvironment,
    ANSIBLE_CONFIG: join(bench.directory, 'ansible.cfg'),
    ANSIBLE_PIPELINING: 'true',
    ANSIBLE_DEPRECATION_WARNINGS: 'false',
    // A place of its own, so that no run finds the open connections of the one before.
    ANSIBLE_SSH_CONTROL_PATH_DIR: mkdtempSync(join(bench.directory, 'cp-')),
    ...(play.strategy && { ANSIBLE_STRATEGY: play.strategy }),
  },
});

/** A run of ansible-playbook with the strategy of mitogen. */
export const mitogen = (bench: Bench, play: Play): Command => {
  const plain = ansible(bench, play);
  return {
    ...plain,
    env: {
      ...plain.env,
      ANSIBLE_STRATEGY_PLUGINS: mitogenStrategies() ?? '',
      ANSIBLE_STRATEGY: `mitogen_${play.strategy ?? 'linear'}`,
    },
  };
};

/** Where Debian's package has the strategies; undefined when it is not installed. */
export const mitogenStrategies = (): string | undefined => {
  try {
    const files = execFileSync('dpkg', ['-L', 'ansible-mitogen'], { encoding: 'utf8', stdio: 'pipe' });
    return files.split('\n').find((line) => line.endsWith('/ansible_mitogen/plugins/strategy'));
  } catch {
    return undefined;
  }
};
