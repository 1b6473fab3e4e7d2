import { moveBy } from '../app/keys.ts';
import { listLines, moveList, rowAt } from '../app/list-state.ts';
import { type AppState, type Step, step } from '../app/state.ts';
import type { Size } from '../run/run-view.ts';
import { windowAround } from '../run/window.ts';
import type { InventoryRow } from '../sources/services.ts';
import type { VariableRow } from '../sources/variables.ts';
import { type Column, columnLines } from '../text/columns.ts';
import { fitLines } from '../text/fit-line.ts';
import { type Line, lineOf, span } from '../text/line.ts';
import type { Screen } from './screen.ts';

const textOf = ({ name }: InventoryRow): string => name;

const treeColumns: readonly Column<InventoryRow>[] = [
  {
    title: 'GROUPS AND HOSTS',
    text: ({ kind, name, depth }) => `${'  '.repeat(depth)}${kind === 'group' ? `@${name}` : name}`,
    tone: ({ kind }) => (kind === 'group' ? 'strong' : 'plain'),
    grows: true,
  },
  { title: 'HOSTS', text: ({ kind, hosts }) => (kind === 'group' ? String(hosts) : ''), align: 'right' },
];

const tone = ({ isHidden }: VariableRow): 'faint' | 'plain' => (isHidden ? 'faint' : 'plain');

const variableColumns: readonly Column<VariableRow>[] = [
  { title: 'VARIABLE', text: ({ name, isHidden }) => (isHidden ? '  (hidden)' : name), tone, most: 40 },
  { title: 'VALUE', text: ({ value }) => value, tone, grows: true, most: 40 },
  { title: 'LEVEL', text: ({ level }) => level, tone: () => 'faint', most: 30 },
  { title: 'FROM', text: ({ place }) => place ?? '-', tone: () => 'faint', most: 44 },
];

/** Groups and hosts, and of the one under the cursor the variables with where each comes from. */
export const inventoryScreen: Screen = {
  keys: [
    ['Tab', 'variables'],
    ['e', 'edit where it is set'],
    ['u', 'look again'],
  ],
  onKey: (state, key) => (state.variables.hasFocus ? onVariableKey(state, key) : onTreeKey(state, key)),
  view: (state, size) => (size.columns >= 140 ? wideView(state, size) : narrowView(state, size)),
  filterOf: ({ inventory }) => inventory.filter,
  withFilter: (state, filter) => ({ ...state, inventory: { ...state.inventory, filter, cursor: 0 } }),
};

const onTreeKey = (state: AppState, key: string): Step | undefined => {
  const moved = moveList(state.inventory, key, Math.floor(state.size.rows / 2), textOf);
  if (moved) {
    const row = rowAt(moved, textOf);
    const next = { ...state, inventory: moved };
    return row ? step(next, { type: 'inventory-variables', row }) : step(next);
  }
  if (key === 'tab' || key === 'enter' || key === 'l') return step(withFocus(state, true));
  return key === 'u' ? step(state, { type: 'load', what: 'inventory' }) : undefined;
};

const onVariableKey = (state: AppState, key: string): Step | undefined => {
  const { variables } = state;
  const cursor = moveBy(key, variables.cursor, variables.rows.length, Math.floor(state.size.rows / 2));
  if (cursor !== undefined) return step({ ...state, variables: { ...variables, cursor } });
  if (key === 'tab' || key === 'shift-tab' || key === 'escape') return step(withFocus(state, false));
  const place = variables.rows[variables.cursor]?.place;
  return key === 'e' && place !== undefined ? step(state, { type: 'edit', place }) : undefined;
};

const withFocus = (state: AppState, hasFocus: boolean): AppState => ({
  ...state,
  variables: { ...state.variables, hasFocus },
});

const treeLines = ({ inventory, variables }: AppState, size: Size): Line[] =>
  listLines(variables.hasFocus ? { ...inventory } : inventory, treeColumns, textOf, size, 'the inventory has no hosts');

const variableLines = ({ variables }: AppState, { columns, rows }: Size): Line[] => {
  const { of, cursor, hasFocus } = variables;
  if (!of) return [];
  const heading = `${of.kind} ${of.name}, ${variables.rows.length} variables`;
  const { start, count } = windowAround(cursor, variables.rows.length, rows - 2);
  const shown = variables.rows.slice(start, start + count);
  return [lineOf(heading, 'strong'), ...columnLines(variableColumns, shown, columns, hasFocus ? cursor - start : -1)];
};

const wideView = (state: AppState, { columns, rows }: Size): Line[] => {
  const left = Math.floor(columns * 0.3);
  const right = columns - left - 3;
  const tree = fitLines(treeLines(state, { columns: left, rows }), left, rows);
  const variables = fitLines(variableLines(state, { columns: right, rows }), right, rows);
  return tree.map((line, index) => [...line, span(' | ', 'faint'), ...variables[index]!]);
};

const narrowView = (state: AppState, { columns, rows }: Size): Line[] => {
  const above = Math.floor(rows / 2);
  return [
    ...fitLines(treeLines(state, { columns, rows: above }), columns, above),
    lineOf('-'.repeat(columns), 'faint'),
    ...variableLines(state, { columns, rows: rows - above - 1 }),
  ];
};
