import { MusterError } from '../../errors/index.ts';
import type { TaskNode } from '../../playbook/tree.ts';
import type { Scope } from '../../template/types.ts';
import { type Dict, dict, keptTexts, markText, Tuple, textMark, toText, type Value } from '../../values/index.ts';
import type { Templating } from '../context.ts';

/** `loop_control`, rendered but for the label, which is rendered for each item. */
export interface LoopControl {
  readonly loopVar: string;
  readonly indexVar: string | undefined;
  readonly label: Value | undefined;
  readonly pause: number;
  readonly isExtended: boolean;
  readonly extendedAllItems: boolean;
}

/** The items of a task's loop; undefined when it has none. Throws the template's errors. */
export const loopItems = (task: TaskNode, templar: Templating, scope: Scope): Value[] | undefined => {
  const loop = task.loop;
  if (!loop) return undefined;
  if (loop.lookup === undefined) {
    const items = templar.render(loop.value, scope);
    if (!Array.isArray(items)) {
      throw new MusterError({
        message: `Invalid data passed to 'loop', it requires a list, got this instead: ${toText(items)}`,
        origin: task.places.get('loop') ?? task.origin,
        hint: 'a lookup gives a list with wantlist=True, or when called as query()',
      });
    }
    return items;
  }
  // first_found tries names that hang on variables which may not be there.
  const failOnUndefined = loop.lookup !== 'first_found';
  const terms = templar.render(loop.value, scope, { failOnUndefined });
  const given = asTerms(loop.lookup, terms);
  const found = templar.callLookup(loop.lookup, given, lookupOptions(task), { scope, engine: templar });
  // Items are lists where a lookup gives tuples.
  const items = found.map((item) => (item instanceof Tuple ? [...item] : item));
  return markKept(items, given);
};

/** Texts among the terms that stay text do so as items too. */
const markKept = (items: Value[], terms: readonly Value[]): Value[] => {
  const kept = new Map([...keptTexts(terms)].map(([index, type]) => [terms[index as number], type]));
  for (const [index, item] of items.entries()) if (kept.has(item)) markText(items, index, kept.get(item));
  return items;
};

/** Where `with_first_found` looks depends on what the task does with the file. */
const lookupOptions = (task: TaskNode): Dict => {
  const short = task.module.split('.').at(-1)!;
  const folder = short.startsWith('include_tasks')
    ? 'tasks'
    : short === 'include_vars'
      ? 'vars'
      : short === 'template'
        ? 'templates'
        : 'files';
  return task.loop?.lookup === 'first_found' ? dict({ _subdir: folder }) : new Map();
};

/** What a lookup is given: a list as it is, a mapping's keys, or one term. */
const asTerms = (lookup: string, terms: Value): Value[] => {
  if (Array.isArray(terms)) return terms;
  if (!(terms instanceof Map) || lookup === 'dict') return [terms];
  if (lookup === 'list' || lookup === 'indexed_items') throw new MusterError(`with_${lookup} expects a list`);
  return [...terms.keys()];
};

/** A task's `loop_control`, rendered but for the label, which is rendered for each item. */
export const loopControl = (task: TaskNode, templar: Templating, scope: Scope): LoopControl => {
  const written = task.keywords.get('loop_control');
  const control = written instanceof Map ? written : (new Map() as Dict);
  const option = (name: string): Value | undefined => {
    const value = control.get(name);
    return value === undefined || name === 'label' ? value : templar.render(value, scope);
  };
  const isTrue = (value: Value | undefined, otherwise: boolean): boolean =>
    value === undefined ? otherwise : value === true || /^(yes|true|on|1)$/i.test(toText(value));
  return {
    loopVar: toText(option('loop_var') ?? 'item'),
    indexVar: option('index_var') === undefined ? undefined : toText(option('index_var')!),
    label: option('label'),
    pause: Number(toText(option('pause') ?? 0)),
    isExtended: isTrue(option('extended'), false),
    extendedAllItems: isTrue(option('extended_allitems'), true),
  };
};

/** What an item adds to the variables: the item, its index, and `ansible_loop` when it was asked for. */
export const itemOverlay = (items: readonly Value[], index: number, control: LoopControl): Dict => {
  const overlay = dict({ [control.loopVar]: items[index]!, ansible_loop_var: control.loopVar });
  markText(overlay, control.loopVar, textMark(items, index));
  if (control.indexVar !== undefined) {
    overlay.set(control.indexVar, index);
    overlay.set('ansible_index_var', control.indexVar);
  }
  if (control.isExtended) overlay.set('ansible_loop', extendedLoop(items, index, control.extendedAllItems));
  return overlay;
};

const extendedLoop = (items: readonly Value[], index: number, withAllItems: boolean): Dict =>
  dict({
    allitems: withAllItems ? [...items] : undefined,
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index + 1 === items.length,
    length: items.length,
    revindex: items.length - index,
    revindex0: items.length - index - 1,
    nextitem: items[index + 1],
    previtem: index > 0 ? items[index - 1] : undefined,
  });
