// How muster reaches hosts: transports (ssh, local), becoming another user, and the long-lived POSIX shell on the target.

export * from './local-transport.ts';
export * from './connection-spec.ts';
export * from './script.ts';
export * from './shell-session.ts';
export * from './shell-target.ts';
export * from './target.ts';
export * from './transport.ts';
