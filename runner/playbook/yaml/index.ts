// YAML as Ansible reads it, with the place of every key and value.
export * from './load.ts';
export { copyOrigins, keyOriginOf, originOf } from './origins.ts';
