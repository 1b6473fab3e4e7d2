import { bytesRegex, byteText, expandMatch } from './bytes-regex.ts';

/** What lineinfile's arguments ask for; all texts are plain. */
export interface LineRules {
  readonly regexp: string | undefined;
  readonly searchString: string | undefined;
  readonly line: string | undefined;
  readonly insertAfter: string | undefined;
  readonly insertBefore: string | undefined;
  readonly backrefs: boolean;
  readonly firstMatch: boolean;
}

/** The lines of a byte text, each with its newline. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const withoutEnd = (line: string): string => line.replace(/[\r\n]+$/, '');

/** Makes sure that the line is there, in byte texts. `msg` is '' when nothing had to be done. */
export const ensureLine = (text: string, rules: LineRules): { readonly text: string; readonly msg: string } => {
  const lines = linesOf(text);
  const line = byteText(rules.line!);
  const unchanged = { text, msg: '' };
  const put = (index: number, added: string): { text: string; msg: string } => {
    lines.splice(index, 0, added);
    return { text: lines.join(''), msg: 'line added' };
  };

  const found = findLine(lines, rules);
  const { exact, anchor } =
    found === undefined ? findPlace(lines, line, rules) : { exact: undefined, anchor: undefined };
  const index = found?.index ?? exact;
  if (index !== undefined) {
    const expanded = rules.backrefs && found ? found.expand(line) : line;
    const wanted = expanded.endsWith('\n') ? expanded : `${expanded}\n`;
    if (lines[index] === wanted) return unchanged;
    lines[index] = wanted;
    return { text: lines.join(''), msg: 'line replaced' };
  }
  // Without a match there is nothing that back references could stand for.
  if (rules.backrefs) return unchanged;
  if (rules.insertBefore === 'BOF' || rules.insertAfter === 'BOF') return put(0, `${line}\n`);
  if (anchor === undefined || rules.insertAfter === 'EOF') {
    if (lines.length > 0 && !/[\r\n]$/.test(lines.at(-1)!)) lines.push('\n');
    return put(lines.length, `${line}\n`);
  }
  if (rules.insertAfter === undefined) return put(anchor, `${line}\n`);
  // After the last line, that line itself is compared; elsewhere the one that follows the anchor.
  const neighbour = anchor === lines.length ? lines[anchor - 1]! : lines[anchor]!;
  if (withoutEnd(neighbour) === line) return unchanged;
  return put(anchor, `${line}\n`);
};

interface FoundLine {
  readonly index: number;
  readonly expand: (template: string) => string;
}

/** The line that `regexp` or `search_string` is in: the last one, or the first when that is asked. */
const findLine = (lines: readonly string[], rules: LineRules): FoundLine | undefined => {
  let found: FoundLine | undefined;
  if (rules.regexp !== undefined) {
    const regex = bytesRegex(rules.regexp);
    for (const [index, line] of lines.entries()) {
      const match = regex.search(line);
      if (!match) continue;
      found = { index, expand: (template) => expandMatch(regex, match, template) };
      if (rules.firstMatch) break;
    }
  } else if (rules.searchString !== undefined) {
    const wanted = byteText(rules.searchString);
    const has = (line: string): boolean => line.includes(wanted);
    const index = rules.firstMatch ? lines.findIndex(has) : lines.findLastIndex(has);
    if (index !== -1) found = { index, expand: (template) => template };
  }
  return found;
};

/** The last line that is the wanted one already, and the place that insertafter or insertbefore tell. */
const findPlace = (
  lines: readonly string[],
  wanted: string,
  rules: LineRules,
): { exact: number | undefined; anchor: number | undefined } => {
  const { insertAfter, insertBefore } = rules;
  const isPattern = (text: string | undefined): text is string =>
    text !== undefined && text !== 'BOF' && text !== 'EOF';
  const pattern = isPattern(insertAfter)
    ? insertAfter
    : insertBefore !== undefined && insertBefore !== 'BOF'
      ? insertBefore
      : undefined;
  const regex = pattern === undefined ? undefined : bytesRegex(pattern);
  let exact: number | undefined;
  let anchor: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (withoutEnd(line) === wanted) exact = index;
    else if (regex?.search(line)) {
      anchor = insertAfter === undefined ? index : index + 1;
      if (rules.firstMatch) break;
    }
  }
  return { exact, anchor };
};

/** Drops all lines that match. */
export const removeLines = (text: string, rules: LineRules): { readonly text: string; readonly found: number } => {
  const lines = linesOf(text);
  const regex = rules.regexp === undefined ? undefined : bytesRegex(rules.regexp);
  const part = rules.searchString === undefined ? undefined : byteText(rules.searchString);
  const line = rules.line === undefined ? undefined : byteText(rules.line);
  const kept = lines.filter((current) => {
    if (regex) return !regex.search(current);
    return part === undefined ? withoutEnd(current) !== line : !current.includes(part);
  });
  return { text: kept.join(''), found: lines.length - kept.length };
};
