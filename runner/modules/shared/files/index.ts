// What modules share that read and write files on targets: states, attributes, edits, trees, and writing in one step.
export * from './attributes.ts';
export * from './checksum.ts';
export * from './common-arguments.ts';
export * from './content.ts';
export * from './edit.ts';
export * from './file-stat.ts';
export * from './file-state.ts';
export * from './identity.ts';
export * from './local-content.ts';
export * from './mode.ts';
export * from './path-info.ts';
export * from './paths.ts';
export * from './place-file.ts';
export * from './reply.ts';
export * from './words.ts';
export * from './write.ts';
