import { compareText, type Dict, toText } from '../../values/index.ts';
import type { Group, Host } from '../model.ts';
import type { Listing } from './listing.ts';

export interface GraphOptions {
  readonly showsVars: boolean;
  readonly limit?: ReadonlySet<Host> | undefined;
}

/** A group, what is in it, and perhaps all variables, as a tree of lines. */
export const drawGraph = (start: Group, listing: Listing, { showsVars, limit }: GraphOptions): string => {
  const lines: string[] = [];
  const draw = (name: string, depth: number): void => {
    lines.push(depth === 0 ? name : `${'  |'.repeat(depth)}--${name}`);
  };
  const drawVars = (vars: Dict, depth: number): void => {
    const sorted = [...vars].sort(([left], [right]) => compareText(toText(left), toText(right)));
    for (const [name, value] of sorted) draw(`{${toText(name)} = ${toText(value)}}`, depth);
  };
  const drawGroup = (group: Group, depth: number): void => {
    draw(`@${group.name}:`, depth);
    for (const child of group.children) drawGroup(child, depth + 1);
    if (group.name !== 'all') {
      for (const host of group.hosts) {
        if (limit && !limit.has(host)) continue;
        draw(host.name, depth + 1);
        if (showsVars) drawVars(listing.hostVars(host), depth + 2);
      }
    }
    if (showsVars) drawVars(listing.groupVars(group), depth + 1);
  };
  drawGroup(start, 0);
  return lines.join('\n');
};
