// How muster reaches hosts: transports (ssh, local), becoming another user, and the long-lived POSIX shell on the target.

export { becomeMethod } from './become/methods.ts';
export { ConnectionPool, type PoolOptions } from './connection-pool.ts';
export * from './connection-spec.ts';
export * from './emit.ts';
export * from './local-transport.ts';
export { type RoundTrip, watchRoundTrips } from './round-trips.ts';
export * from './script.ts';
export * from './script-timeout.ts';
export type { OutputStream, ShellOptions, ShellReply } from './shell-request.ts';
export * from './shell-target.ts';
export * from './target.ts';
export * from './transport.ts';
