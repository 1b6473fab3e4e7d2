// The filters that templates may use: Jinja2's, Ansible's, and the daily ones of other collections.
import type { Filter } from '../define.ts';
import { networkFilters } from '../network/index.ts';
import { booleans } from './bool.ts';
import { chance } from './chance.ts';
import { combinatorics } from './combinatorics.ts';
import { comments } from './comment.ts';
import { community } from './community.ts';
import { data } from './data.ts';
import { defaults } from './defaults.ts';
import { dictionaries } from './dictionaries.ts';
import { durations } from './durations.ts';
import { encodings } from './encode.ts';
import { html } from './html.ts';
import { jinjaLists } from './jinja-lists.ts';
import { jinjaSelect } from './jinja-select.ts';
import { jinjaText } from './jinja-text.ts';
import { jsonQuery } from './json-query.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';
import { prettyPrint } from './pprint.ts';
import { regex } from './regex.ts';
import { sets } from './sets.ts';
import { structure } from './structure.ts';
import { time } from './time.ts';
import { urls } from './urls.ts';
import { vault } from './vault.ts';

/** Jinja2's filters and those of ansible.builtin. */
export const builtinFilters: readonly Filter[] = [
  ...jinjaLists,
  ...jinjaSelect,
  ...jinjaText,
  ...html,
  ...numbers,
  ...defaults,
  ...prettyPrint,
  ...booleans,
  ...dictionaries,
  ...sets,
  ...combinatorics,
  ...chance,
  ...regex,
  ...data,
  ...encodings,
  ...urls,
  ...time,
  ...paths,
  ...comments,
  ...vault,
];

/** Those of community.general, ansible.utils and ansible.netcommon that playbooks use daily. */
const collectionFilters: readonly Filter[] = [
  ...community,
  ...durations,
  ...jsonQuery,
  ...structure,
  ...networkFilters,
];

export const filters: readonly Filter[] = [...builtinFilters, ...collectionFilters];
