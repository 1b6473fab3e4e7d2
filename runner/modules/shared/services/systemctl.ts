import { type Script, sh } from '../../../connection/index.ts';

/** The properties that `systemctl show` prints. Only commands (Exec…) go on over several lines, up to a closing brace. */
export const readProperties = (output: string): Map<string, string> => {
  const found = new Map<string, string>();
  let open: { key: string; lines: string[] } | undefined;
  for (const line of output.split('\n')) {
    if (open) {
      open.lines.push(line);
      if (!line.trimEnd().endsWith('}')) continue;
      found.set(open.key, open.lines.join('\n').trim());
      open = undefined;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals === -1) continue;
    const key = line.slice(0, equals);
    const value = line.slice(equals + 1);
    const isOpen = key.startsWith('Exec') && value.trimStart().startsWith('{') && !value.trimEnd().endsWith('}');
    if (isOpen) open = { key, lines: [value] };
    else found.set(key, value.trim());
  }
  return found;
};

/** Whether a unit counts as running: it is, or is about to be. */
export const isRunning = (status: ReadonlyMap<string, string>): boolean =>
  ['active', 'activating'].includes(status.get('ActiveState') ?? '');

/** Where a service's init script lies. */
export const initScript = (name: string): string => (name.startsWith('/') ? name : `/etc/init.d/${name}`);

/** Succeeds when links of the run levels start the service at boot. */
export const sysvEnabled = (name: string, runlevel?: string): Script => sh`m_folder=/etc
[ -d /etc/rc0.d ] || m_folder=/etc/init.d
for m_link in "$m_folder"/rc${runlevel === undefined ? sh`?` : runlevel}.d/S??${name}; do
[ -e "$m_link" ] && exit 0
done
exit 1`;
