// Running commands on a host and telling how they went, as Ansible's command family does.

export * from './clock.ts';
export * from './command-task.ts';
export * from './decode.ts';
export * from './execute.ts';
export * from './expand.ts';
export * from './python-error.ts';
export * from './shlex.ts';
export * from './terminal.ts';
