// The tests that templates may use after `is`: Jinja2's, Ansible's, and the daily ones of other collections.
import type { Test } from '../define.ts';
import { networkTests } from '../network/index.ts';
import { fileTests } from './files.ts';
import { jinjaTests } from './jinja.ts';
import { resultTests } from './results.ts';
import { valueTests } from './values.ts';
import { versionTests } from './version.ts';

/** Jinja2's tests and those of ansible.builtin. */
export const builtinTests: readonly Test[] = [
  ...jinjaTests,
  ...resultTests,
  ...valueTests,
  ...fileTests,
  ...versionTests,
];

export const tests: readonly Test[] = [...builtinTests, ...networkTests];
