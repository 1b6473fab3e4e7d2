// Hosts and groups: inventory sources, group_vars and host_vars, host patterns.
export type { Address } from './address.ts';
export * from './catalog.ts';
export * from './inventory.ts';
export * from './layers.ts';
export * from './listing/graph.ts';
export * from './listing/listing.ts';
export * from './listing/toml.ts';
export * from './load-inventory.ts';
export { Group, Host } from './model.ts';
export * from './patterns.ts';
export type { OpenRender, RenderInventory } from './sources/source.ts';
export * from './variable-origins.ts';
export * from './vars-files.ts';
