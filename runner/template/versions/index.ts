// How versions are read and ordered: loosely, strictly, as semantic versions, and as PEP 440 has them.
export * from './loose.ts';
export * from './pep440.ts';
export * from './semantic.ts';
export * from './strict.ts';
