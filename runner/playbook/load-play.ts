import { dirname } from 'node:path';
import { type Dict, textOf, toText, type Value } from '../values/index.ts';
import { checkSettings } from './check-settings.ts';
import { kindOf } from './check-value.ts';
import { Collections, collectionOfFile } from './collections.ts';
import { promptKeywords } from './keywords.ts';
import { loadBlocks } from './load-tasks.ts';
import { type Loading, placeOf } from './loading.ts';
import { readKeywords } from './read-keywords.ts';
import { loadRoleEntries } from './role-entries.ts';
import type { Building, LoadScope } from './scope.ts';
import type { BlockNode, PlayNode, VarsPrompt } from './tree.ts';
import { keyOriginOf, originOf } from './yaml/index.ts';

/** A play, with its roles and everything that is imported statically. */
export const loadPlay = (loading: Loading, map: Dict, file: string, imports: PlayNode['imports']): PlayNode => {
  const origin = placeOf(map, file);
  const read = readKeywords(loading, map, 'play', file);
  readOldUser(loading, map, read.keywords);
  useOwnCollection(file, read.keywords);
  const play: Building<PlayNode> = {
    kind: 'play',
    parent: undefined,
    origin,
    ...read,
    file,
    hosts: readHosts(loading, map, file),
    varsFiles: asList(map.get('vars_files')),
    varsPrompt: readPrompts(loading, map),
    roles: [],
    preTasks: [],
    tasks: [],
    postTasks: [],
    handlers: [],
    imports: [...imports],
  };
  const folders = [...new Set([dirname(file), loading.baseDir])];
  const scope: LoadScope = {
    loading,
    collections: new Collections(loading, folders),
    play,
    parent: play,
    role: undefined,
    file,
    isHandler: false,
    includedFrom: [],
  };
  const roles = map.get('roles');
  if (Array.isArray(roles)) {
    // One at a time: names of later roles may use variables of earlier ones.
    for (const block of loadRoleEntries(roles, scope)) play.roles.push(block);
  }
  const section = (key: string, isHandler = false): BlockNode[] => {
    const list = map.get(key);
    return Array.isArray(list) ? loadBlocks(list, { ...scope, isHandler }) : [];
  };
  play.preTasks = section('pre_tasks');
  play.tasks = section('tasks');
  play.postTasks = section('post_tasks');
  play.handlers = section('handlers', true);
  return play;
};

const asList = (value: Value | undefined): Value[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** `user` is the old name of `remote_user`. */
const readOldUser = (loading: Loading, map: Dict, keywords: Map<string, Value>): void => {
  const user = map.get('user');
  if (user === undefined) return;
  if (keywords.has('remote_user')) {
    loading.report({
      message: "both 'user' and 'remote_user' are set for this play.",
      origin: keyOriginOf(map, 'user'),
      expected: "'remote_user' alone",
    });
  } else keywords.set('remote_user', user);
};

/** Plays of a collection look into it first. */
const useOwnCollection = (file: string, keywords: Map<string, Value>): void => {
  const own = collectionOfFile(file);
  if (own === undefined) return;
  const written = (keywords.get('collections') ?? []) as Value[];
  keywords.set('collections', written.includes(own) ? written : [own, ...written]);
};

const readHosts = (loading: Loading, map: Dict, file: string): Value => {
  const hosts = map.get('hosts');
  if (hosts === undefined) {
    loading.report({
      message: "the play has no 'hosts'",
      origin: placeOf(map, file),
      expected: 'the hosts that it is for',
      hint: hintWithoutHosts(map),
    });
    return [];
  }
  const origin = originOf(map, 'hosts') ?? placeOf(map, file);
  const entries = Array.isArray(hosts) ? hosts : [hosts];
  const isWrong = (entry: Value): boolean => textOf(entry) === undefined;
  const wrong = entries.find(isWrong);
  if (entries.length === 0 || entries[0] === '' || wrong !== undefined) {
    const isEmpty = wrong === undefined || wrong === null;
    loading.report({
      message: isEmpty ? 'Hosts list cannot be empty. Please check your playbook' : `'hosts' holds ${kindOf(wrong)}`,
      origin,
      expected: 'a pattern of hosts, or a list of patterns',
    });
  }
  return hosts;
};

const hintWithoutHosts = (map: Dict): string | undefined => {
  if (map.has('block') || map.has('name') === false || map.has('register') || map.has('when')) {
    return 'this looks like a task; a playbook is a list of plays, and tasks stand in their tasks';
  }
  return undefined;
};

const readPrompts = (loading: Loading, map: Dict): VarsPrompt[] => {
  const value = map.get('vars_prompt');
  const prompts: VarsPrompt[] = [];
  for (const entry of asList(value)) {
    const origin = originOf(entry) ?? originOf(map, 'vars_prompt');
    if (!(entry instanceof Map) || !entry.has('name')) {
      loading.report({
        message: "Invalid vars_prompt data structure, missing 'name' key",
        origin,
        expected: 'a mapping with the name of a variable',
      });
      continue;
    }
    checkSettings(loading, entry, promptKeywords, 'keyword of vars_prompt', origin);
    prompts.push({ name: toText(entry.get('name')!), options: entry });
  }
  return prompts;
};
