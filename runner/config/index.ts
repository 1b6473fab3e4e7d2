// Configuration: what ansible.cfg, muster.cfg and environment variables set, typed, with the place of each value.
export * from './load-config.ts';
export type { Setting, SettingType } from './setting.ts';
export * from './table.ts';
