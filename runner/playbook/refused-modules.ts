/** Modules of Ansible's own that muster has not, by their short names, and what to do instead. */
const instead: Readonly<Record<string, string>> = {
  subversion: 'muster does not speak with Subversion; use a command task with svn, or the git module for a mirror',
};

/** What to do instead of a module of Ansible's that muster has not. */
export const insteadOf = (name: string): string | undefined => {
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, '');
  return Object.hasOwn(instead, short) ? instead[short] : undefined;
};
