/** Filters, tests or lookups by all names that templates may call them by. */
export const named = <Item extends { readonly names: readonly string[] }>(
  items: readonly Item[],
): ReadonlyMap<string, Item> => {
  const byName = new Map<string, Item>();
  for (const item of items) {
    for (const name of item.names) {
      byName.set(name, item);
      if (name.includes('.')) continue;
      for (const collection of ['ansible.builtin', 'ansible.legacy']) byName.set(`${collection}.${name}`, item);
    }
  }
  return byName;
};
