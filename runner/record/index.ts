// Records of runs: a directory a run, with its events as they happened and a manifest of what, who, when and how it went.
export * from './compare.ts';
export * from './filter.ts';
export * from './find.ts';
export * from './journal-file.ts';
export * from './manifest.ts';
export * from './read.ts';
export * from './retention.ts';
export * from './run-id.ts';
export * from './source-hash.ts';
