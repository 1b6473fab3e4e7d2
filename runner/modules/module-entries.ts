/** A module as it is found before it is read: its file, its full name, and every name that means it. */
export interface ModuleEntry {
  readonly file: string;
  readonly name: string;
  readonly names: readonly string[];
}

/**
 * The module that a file of the modules' folder declares, found by its text: `name: 'ansible.builtin.copy'`, `aliases:
 * […]`. Files that declare none (what modules share, tests) give nothing.
 */
export const moduleEntries = (file: string, read: () => string): ModuleEntry[] => {
  if (!/^[a-z0-9_]+\.ts$/.test(file)) return [];
  const text = read();
  const declaration = /^export default define(?:Module|Action)\(\{[\s\S]*?^\s+name: '([\w.]+)',/m.exec(text);
  if (!declaration) return [];
  const name = declaration[1]!;
  const rest = text.slice(declaration.index, declaration.index + declaration[0].length + 400);
  const aliases = [...(/^ {2}aliases: \[([^\]]*)\]/m.exec(rest)?.[1] ?? '').matchAll(/'([\w.]+)'/g)].map(
    ([, alias]) => alias!,
  );
  return [{ file, name, names: [...new Set([name, ...aliases].flatMap(spellings))] }];
};

const spellings = (name: string): string[] => {
  const short = name.split('.').at(-1)!;
  return name.startsWith('ansible.builtin.') ? [name, `ansible.legacy.${short}`, short] : [name, short];
};
