import { meets } from './pep440.ts';

const operators = ['===', '==', '~=', '!=', '<=', '>=', '<', '>'];

/** One package that pip is asked for. */
export interface Requirement {
  /** What pip gets. */
  readonly text: string;
  /** Its name as PEP 503 normalizes it; undefined for URLs and paths. */
  readonly name: string | undefined;
  readonly conditions: readonly (readonly [operator: string, version: string])[];
}

/** Puts together what a list argument took apart: `django>1.11,<1.12` was split at its comma. */
export const recoverNames = (names: readonly string[]): string[] => {
  const all: string[][] = [];
  let inBrackets = false;
  for (const part of names.flatMap((name) => name.split(','))) {
    const isName = !operators.some((operator) => part.trimStart().startsWith(operator));
    if ((isName && !inBrackets) || all.length === 0) all.push([]);
    if (part.includes('[')) inBrackets = true;
    if (part.includes(']')) inBrackets = false;
    all.at(-1)!.push(part);
  }
  return all.map((parts) => parts.join(','));
};

/** Whether pip is to fetch it by a version control system. */
export const isVcsUrl = (name: string): boolean => /^(?:svn|git|hg|bzr)\+/.test(name);

const normalizeName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

/** Reads a requirement; `version` is the argument of that name. */
export const parseRequirement = (text: string, version?: string): Requirement => {
  const separator = version !== undefined && /^\s*\d/.test(version) ? '==' : '';
  const whole = version === undefined ? text : `${text}${separator}${version.trim()}`;
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;@]*)(?:;.*)?$/.exec(whole);
  const conditions = (match?.[2] ?? '')
    .replace(/^\((.*)\)$/, '$1')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => /^(===|==|~=|!=|<=|>=|<|>)\s*(\S+)$/.exec(part));
  if (!match || conditions.includes(null)) return { text: whole, name: undefined, conditions: [] };
  return {
    text: whole.trim(),
    name: normalizeName(match[1]!),
    conditions: conditions.map((condition) => [condition![1]!, condition![2]!] as const),
  };
};

/** Whether what `pip list --format=freeze` printed holds a package that meets the requirement. */
export const isSatisfied = ({ name, conditions }: Requirement, freeze: string): boolean =>
  name !== undefined &&
  freeze.split('\n').some((line) => {
    const [installed, version] = line.split('==');
    return (
      version !== undefined &&
      normalizeName(installed!.trim()) === name &&
      conditions.every(([operator, wanted]) => meets(version.trim(), operator, wanted))
    );
  });
