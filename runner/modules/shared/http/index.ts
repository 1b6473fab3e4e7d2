// Fetching URLs from a host: by its curl, or through its sshd where it has none.
export * from './arguments.ts';
export * from './body.ts';
export * from './checksum-list.ts';
export * from './exchange.ts';
export * from './fetch.ts';
export * from './info.ts';
export * from './install.ts';
export * from './types.ts';
