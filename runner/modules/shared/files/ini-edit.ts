/** What ini_file's arguments ask for. */
export interface IniRules {
  /** Undefined or '' for what stands before the first section. */
  readonly section: string | undefined;
  readonly option: string | undefined;
  readonly values: readonly string[];
  readonly isPresent: boolean;
  readonly exclusive: boolean;
  readonly noExtraSpaces: boolean;
  readonly allowNoValue: boolean;
}

interface Edited {
  readonly text: string;
  readonly msg: string;
  readonly changed: boolean;
}

/**
 * Sets or removes options of one section, or the section. Lines keep the newlines that they have; those that are added
 * end as the first one does.
 */
export const editIni = (text: string, rules: IniRules): Edited => {
  const lines: string[] = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const newline = endOf(lines[0]);
  if (lines.length === 0) lines.push('\n');
  let changed = false;
  if (!lines.at(-1)!.endsWith('\n')) {
    lines[lines.length - 1] += newline;
    changed = true;
  }
  const [start, end] = findSection(lines, rules.section);
  if (start === -1) {
    if (!rules.isPresent) return { text: lines.join(''), msg: 'OK', changed };
    const added = newSection(rules);
    const end = added.lines.map((line) => line + newline).join('');
    return { text: lines.join('') + end, msg: added.msg, changed: true };
  }
  const section = lines.slice(start, end);
  const edited = rules.isPresent ? setOption(section, rules, newline) : removeOption(section, rules);
  return {
    text: [...lines.slice(0, start), ...edited.lines, ...lines.slice(end)].join(''),
    msg: edited.msg,
    changed: changed || edited.msg !== 'OK',
  };
};

/** Where the section's lines begin, its header with them, and end; the beginning of the file has none. */
const findSection = (lines: readonly string[], section: string | undefined): readonly [number, number] => {
  const isHeader = (line: string): boolean => line.startsWith('[');
  const start = section ? lines.findIndex((line) => line.startsWith(`[${section}]`)) : 0;
  if (start === -1) return [-1, -1];
  // A second header of the same name continues the section.
  const from = section ? start + 1 : 0;
  const length = lines.slice(from).findIndex((line) => isHeader(line) && !(section && line.startsWith(`[${section}]`)));
  return [start, length === -1 ? lines.length : from + length];
};

const newSection = (rules: IniRules): { lines: string[]; msg: string } => {
  const header = `[${rules.section}]`;
  if (rules.option && rules.values.length > 0) {
    const options = rules.values.map((value) => assignment(rules, value));
    return { lines: [header, ...options], msg: 'section and option added' };
  }
  if (rules.option && rules.allowNoValue) return { lines: [header, rules.option], msg: 'section and option added' };
  return { lines: [header], msg: 'only section added' };
};

const assignment = ({ option, noExtraSpaces }: IniRules, value: string): string =>
  noExtraSpaces ? `${option}=${value}` : `${option} = ${value}`;

/** How a line ends; the last one of a file may have no end of its own. */
const endOf = (line: string | undefined): string => (line?.endsWith('\r\n') ? '\r\n' : '\n');

const withoutEnd = (line: string): string => line.replace(/\r?\n$/, '');

interface EditedSection {
  readonly lines: readonly string[];
  /** `OK` when nothing had to be done. */
  readonly msg: string;
}

/** The value of the option that a line sets; undefined when it is another line. Commented ones count when told. */
const valueIn = (line: string, option: string, withComments: boolean): string | undefined => {
  const match = /^([#;]?)[ \t]*([^\n]*)/.exec(withoutEnd(line))!;
  if (match[1] !== '' && !withComments) return undefined;
  const rest = match[2]!;
  if (!rest.startsWith(option)) return undefined;
  const after = /^[ \t]*(?:=[ \t]*(.*)|)$/.exec(rest.slice(option.length));
  return after ? (after[1] ?? '') : undefined;
};

/** Lines that match stay where they are, then others are taken over, what is too much goes, what is missing is added. */
const setOption = (section: readonly string[], rules: IniRules, newline: string): EditedSection => {
  const { option, exclusive, allowNoValue } = rules;
  if (!option) return { lines: section, msg: 'OK' };
  const lines = [...section];
  const kept = lines.map(() => false);
  const wanted = [...rules.values];
  let msg = 'OK';
  let hasBare = false;
  const rewrite = (index: number, line: string): void => {
    if (withoutEnd(lines[index]!) !== line) msg = 'option changed';
    lines[index] = line + endOf(lines[index]);
    kept[index] = true;
  };

  for (const [index, line] of lines.entries()) {
    const value = valueIn(line, option, true);
    if (value === undefined) continue;
    if (wanted.includes(value)) {
      hasBare ||= value === '' && allowNoValue;
      rewrite(index, value === '' && allowNoValue ? option : assignment(rules, value));
      wanted.splice(wanted.indexOf(value), 1);
    } else if (wanted.length === 0 && allowNoValue) {
      rewrite(index, option);
      hasBare = true;
      break;
    }
  }

  if (exclusive && !allowNoValue) {
    for (const [index, line] of lines.entries()) {
      if (wanted.length === 0) break;
      if (!kept[index] && valueIn(line, option, true) !== undefined) rewrite(index, assignment(rules, wanted.shift()!));
    }
    for (let index = lines.length - 1; index >= 0; index--) {
      const isHeader = index === 0 && rules.section;
      if (isHeader || kept[index] || valueIn(lines[index]!, option, true) === undefined) continue;
      lines.splice(index, 1);
      kept.splice(index, 1);
      msg = 'option changed';
    }
  }

  const added =
    wanted.length > 0
      ? wanted.map((value) => assignment(rules, value))
      : rules.values.length === 0 && allowNoValue && !hasBare
        ? [option]
        : [];
  if (added.length > 0) {
    lines.splice(insertionPoint(lines), 0, ...added.map((line) => line + newline));
    msg = 'option added';
  }
  return { lines, msg };
};

/** After the last line that is neither blank nor a comment. */
const insertionPoint = (lines: readonly string[]): number =>
  lines.findLastIndex((line) => !/^[ \t]*([#;].*)?$/.test(withoutEnd(line))) + 1;

const removeOption = (section: readonly string[], rules: IniRules): EditedSection => {
  const { option, exclusive, values } = rules;
  if (!option) return section.length > 0 ? { lines: [], msg: 'section removed' } : { lines: section, msg: 'OK' };
  const lines = section.filter((line) => {
    const value = valueIn(line, option, false);
    if (value === undefined) return true;
    return !exclusive && !values.includes(value);
  });
  return { lines, msg: lines.length < section.length ? 'option changed' : 'OK' };
};
