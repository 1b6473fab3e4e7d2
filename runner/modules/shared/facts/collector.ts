import type { ResultObject } from '../../../values/index.ts';
import type { Dump } from './dump.ts';

/** One of Ansible's fact collectors: what it needs from the host, and how facts are made of it. */
export interface Collector {
  /** Its name in `gather_subset`. */
  readonly name: string;
  /** Further names in `gather_subset` that stand for it. */
  readonly factNames?: readonly string[];
  /** Collectors whose facts it needs. */
  readonly needs?: readonly string[];
  /** Files to read, as shell globs of plain characters. */
  readonly files?: readonly string[];
  /** Paths whose existence matters. */
  readonly exists?: readonly string[];
  /** Symbolic links to read, as globs. */
  readonly links?: readonly string[];
  /** Shell text for what takes next to no time; `mark` starts a section of the output. */
  readonly quick?: (request: FactsRequest) => string | readonly string[];
  /** Shell text for commands that take long; it runs beside the quick part. */
  readonly slow?: (request: FactsRequest) => string | readonly string[];
  /** The facts, without their `ansible_` prefix. `known` holds what the collectors before it found. */
  readonly read: (dump: Dump, known: Facts, warn: (message: string) => void) => Facts;
  /** Prefix of its facts, `ansible_` unless told. */
  readonly prefix?: string;
}

export type Facts = ResultObject;

export interface FactsRequest {
  /** The shell command that starts a section: `mark('name')`; the name is shell text inside double quotes. */
  readonly mark: (name: string) => string;
  /** Seconds that one look at a network file system may take. */
  readonly timeout: number;
  /** The folder of local facts. */
  readonly factPath: string;
  /** The Python interpreter that the inventory sets, when it does. */
  readonly python: string | undefined;
}

/** A fact of another collector, as text. */
export const known = (facts: Facts, name: string): string => {
  const value = facts[name];
  return typeof value === 'string' ? value : '';
};
