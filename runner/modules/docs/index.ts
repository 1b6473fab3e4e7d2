// Pages of documentation about modules, made from what the modules declare.
export * from './page.ts';
export * from './table.ts';
