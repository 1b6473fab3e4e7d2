// JSON schemas of the files that users write, made from the tables of keywords and settings; and checks by them.
export * from './check.ts';
export { configSchema } from './config.ts';
export { inventorySchema } from './inventory.ts';
export { definition, draft, exactly, type JsonSchema } from './json-schema.ts';
export { playbookSchema, tasksSchema } from './playbook.ts';
export { argumentSpecsSchema, roleMetaSchema } from './role.ts';
