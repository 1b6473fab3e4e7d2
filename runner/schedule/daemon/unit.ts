/** What a unit of systemd is made from. */
export interface UnitOptions {
  /** The words that start muster. */
  readonly program: readonly string[];
  /** The schedules file. */
  readonly file: string;
  readonly folder: string;
  readonly listen: string | undefined;
  /** A unit of a user's own systemd. */
  readonly isUser: boolean;
}

/** A word as systemd reads it. */
const quote = (word: string): string => {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
};

/** A path as systemd reads it where no words are expected. */
const quotePath = (path: string): string => path.replaceAll('%', '%%');

/** The unit that runs the daemon. */
export const unitText = ({ program, file, folder, listen, isUser }: UnitOptions): string => {
  const listening = listen === undefined ? [] : ['--listen', listen];
  const command = [...program, 'schedule', 'start', '--file', file, ...listening].map(quote).join(' ');
  return `[Unit]
Description=muster: playbooks on a schedule
${isUser ? '' : 'After=network-online.target time-sync.target\nWants=network-online.target\n'}
[Service]
Type=notify
NotifyAccess=all
WorkingDirectory=${quotePath(folder)}
ExecStart=${command}
ExecReload=kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
# On stop the daemon itself interrupts its runs, and waits for their running tasks to end.
KillMode=mixed
TimeoutStopSec=300

[Install]
WantedBy=${isUser ? 'default.target' : 'multi-user.target'}
`;
};
