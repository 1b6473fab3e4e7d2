/** Actions that the loader itself gives a meaning to, by their short names. */
const loaderActions = new Set(['meta', 'include', 'include_tasks', 'include_role', 'import_tasks', 'import_role']);

/** A builtin action's short name, whatever prefix it was written with; other names stay as they are. */
export const shortAction = (name: string): string => name.replace(/^ansible\.(?:builtin|legacy)\.(?=\w+$)/, '');

/** Whether the loader itself acts on an action, by any of its names. */
export const isLoaderAction = (name: string): boolean => loaderActions.has(shortAction(name));

const windows = ['win_command', 'win_shell', 'ansible.windows.win_command', 'ansible.windows.win_shell'];
const commands = new Set(['command', 'shell', 'raw', 'script', ...windows]);

/** Whether an action's text is a command, of whose words only few are options. */
export const isCommand = (name: string): boolean => commands.has(shortAction(name));

/** Whether `cmd` is another name for the action's text. */
export const hasCommandArgument = (name: string): boolean => ['command', 'shell', 'script'].includes(shortAction(name));

const texts = new Set([...loaderActions, 'include_vars', 'add_host', 'group_by', 'set_fact']);

/** Whether an action takes text besides key=value words. */
export const takesText = (name: string): boolean => isCommand(name) || texts.has(shortAction(name));
