// Which variables a host sees at a task: Ansible's precedence, facts, registered results and magic variables.
export * from './facts.ts';
export * from './facts-cache.ts';
export * from './host-vars.ts';
export * from './layered-scope.ts';
export * from './precedence.ts';
export * from './store.ts';
