// The lookups that templates may call: those of ansible.builtin, and the daily ones of other collections.
import type { Lookup } from '../define.ts';
import { commandLookups } from './commands.ts';
import { communityLookups } from './community.ts';
import { csvLookups } from './csvfile.ts';
import { fileLookups } from './files.ts';
import { fileTreeLookups } from './filetree.ts';
import { iniLookups } from './ini.ts';
import { communityListLookups, listLookups } from './lists.ts';
import { passwordLookups } from './password.ts';
import { sequenceLookups } from './sequence.ts';
import { templateLookups } from './template.ts';
import { urlLookups } from './url.ts';
import { variableLookups } from './variables.ts';

/** The lookups of ansible.builtin. */
export const builtinLookups: readonly Lookup[] = [
  ...listLookups,
  ...sequenceLookups,
  ...fileLookups,
  ...templateLookups,
  ...csvLookups,
  ...iniLookups,
  ...passwordLookups,
  ...commandLookups,
  ...variableLookups,
  ...urlLookups,
];

/** Those of community.general and ansible.utils that playbooks use daily. */
const collectionLookups: readonly Lookup[] = [...communityListLookups, ...communityLookups, ...fileTreeLookups];

export const lookups: readonly Lookup[] = [...builtinLookups, ...collectionLookups];
