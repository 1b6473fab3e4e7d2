// Red Hat's packages: what is installed, and running dnf or yum.
export * from './arguments.ts';
export * from './installed.ts';
export * from './list.ts';
export * from './output.ts';
export * from './refuse.ts';
export * from './rpm-version.ts';
export * from './tool.ts';
