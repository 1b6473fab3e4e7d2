// Readers of events that write text: the lines of ansible-playbook's default callback, and JSON lines.
export * from './ad-hoc.ts';
export * from './classic.ts';
export * from './json-lines.ts';
export * from './screen.ts';
