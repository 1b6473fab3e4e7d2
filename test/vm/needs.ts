import { existsSync } from 'node:fs';
import { isRoot } from '../support/sshd.ts';
import { isRequired } from '../twins/needs.ts';

const programs = ['qemu-system-x86_64', 'qemu-img', 'mkfs.ext4', 'debootstrap', 'ssh'];
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
const missing = programs.filter((name) => !folders.some((folder) => existsSync(`${folder}/${name}`)));
const isMissing = !isRoot || missing.length > 0;

/** Whether tests on virtual machines are run: where what they need is not there, they fail in CI and are left out elsewhere. */
export const runsVms = isRequired || !isMissing;

/** A title that says what is not there. */
export const titled = (name: string): string =>
  isMissing ? `${name} (needs ${[...(isRoot ? [] : ['root']), ...missing].join(', ')})` : name;

/** The very first machines take minutes to be made, and another file's tests may be making them. */
export const openingMs = 900_000;
