// Readers of events that write text: for people (console), as ansible-playbook does (classic), for programs (jsonl, junit).
export * from './ad-hoc.ts';
export * from './classic.ts';
export * from './json-lines.ts';
export * from './screen.ts';
