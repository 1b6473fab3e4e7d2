import type { SettingValue } from './setting.ts';
import { becomeSettings } from './settings/become.ts';
import { colorSettings } from './settings/colors.ts';
import { connectionSettings } from './settings/connection.ts';
import { executionSettings } from './settings/execution.ts';
import { factSettings } from './settings/facts.ts';
import { inventorySettings } from './settings/inventory.ts';
import { outputSettings } from './settings/output.ts';
import { pathSettings } from './settings/paths.ts';
import { recordSettings } from './settings/record.ts';
import { scheduleSettings } from './settings/schedule.ts';
import { variableSettings } from './settings/variables.ts';
import { vaultSettings } from './settings/vault.ts';
import { withoutEffectSettings } from './settings/without-effect.ts';

/** Every setting, by the name of its property. */
export const allSettings = {
  ...connectionSettings,
  ...becomeSettings,
  ...executionSettings,
  ...factSettings,
  ...inventorySettings,
  ...outputSettings,
  ...colorSettings,
  ...pathSettings,
  ...recordSettings,
  ...scheduleSettings,
  ...variableSettings,
  ...vaultSettings,
  ...withoutEffectSettings,
};

export type SettingKey = keyof typeof allSettings;

/** The values of all settings. */
export type ConfigValues = { readonly [K in SettingKey]: SettingValue<(typeof allSettings)[K]> };
