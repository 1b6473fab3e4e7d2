import { existsSync } from 'node:fs';
import { debianBasePath } from '../lab/debian-base.ts';
import { isRequired, missing } from '../twins/needs.ts';

export { isRequired, titled } from '../twins/needs.ts';

/** What there is not, of what tests on two lab hosts need. */
export const lackingForClusters = async (besides: readonly string[] = []): Promise<string[]> => [
  ...missing(['systemd-nspawn', 'ssh', 'dpkg-deb', ...besides]),
  ...(isRequired || existsSync(await debianBasePath()) ? [] : ['the base system that `npm run lab -- up` makes once']),
];
