// Python's packages: their versions and pip's requirements.
export * from './pep440.ts';
export * from './requirement.ts';
