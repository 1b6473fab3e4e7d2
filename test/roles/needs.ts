import { existsSync } from 'node:fs';
import { debianBasePath } from '../lab/debian-base.ts';
import { isRoot } from '../support/sshd.ts';

/** Nothing may be left out: what a test needs and does not find is its failure. */
export const isRequired = process.env.MUSTER_TEST_REQUIRE_ALL === '1';

const has = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(`${folder}/${program}`));

/** What there is not, of what tests on two lab hosts need. */
export const lackingForClusters = async (besides: readonly string[] = []): Promise<string[]> => [
  ...(isRoot ? [] : ['root']),
  ...['systemd-nspawn', 'ssh', 'dpkg-deb', ...besides].filter((program) => !has(program)),
  ...(isRequired || existsSync(await debianBasePath()) ? [] : ['the base system that `npm run lab -- up` makes once']),
];

/** A title that says what is not there. */
export const titled = (name: string, lacking: readonly string[]): string =>
  lacking.length === 0 ? name : `${name} (needs ${lacking.join(', ')})`;
