// What is measured: one file a scenario.
import type { Scenario } from '../types.ts';
import { s1, s2 } from './s1.ts';
import { s4 } from './s4.ts';

export const scenarios: readonly Scenario[] = [s1, s2, s4];
