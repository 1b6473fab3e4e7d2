import type { RenderInventory } from '../inventory/index.ts';
import type { Templar } from '../template/index.ts';
import { Template } from '../values/index.ts';
import { LayeredScope } from '../variables/index.ts';

/** Renders the templates of constructed inventories with the variables of one host. */
export const inventoryRender =
  (templar: Templar): RenderInventory =>
  (text, variables) =>
    templar.render(new Template(text), new LayeredScope([variables]));
