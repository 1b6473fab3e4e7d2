// Debian's packages: what is installed and available, and running apt-get.
export * from './apt-get.ts';
export * from './arguments.ts';
export * from './cache.ts';
export * from './candidates.ts';
export * from './deb-file.ts';
export * from './install.ts';
export * from './keys.ts';
export * from './probe.ts';
export * from './remove.ts';
export * from './sources-list.ts';
export * from './stanza.ts';
export * from './upgrade.ts';
