// Waiting for ports and files on a host.
export * from './connections.ts';
export * from './poll.ts';
export * from './port.ts';
export * from './search.ts';
