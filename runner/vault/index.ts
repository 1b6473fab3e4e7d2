// Ansible Vault: its file format, its passwords, and work on whole files and single values.
export * from './envelope.ts';
export * from './passwords.ts';
export * from './vault-secrets.ts';
