// Installing packages: names and versions, and the tools of each family of distributions.
export * from './apt/index.ts';
export * from './debian-version.ts';
export * from './package-spec.ts';
export * from './python/index.ts';
export * from './rpm/index.ts';
