// Working with git repositories on a host.
export * from './archive.ts';
export * from './checkout.ts';
export * from './steps.ts';
