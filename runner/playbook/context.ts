import type { Origin } from '../errors/index.ts';
import type { Dict, Value } from '../values/index.ts';
import type { Decrypter } from './yaml/index.ts';

/** What the loader needs to know of the rest of muster. */
export interface LoadContext {
  readonly config: LoadConfig;
  /** The full name of the module that a short or full name means; undefined when there is none. */
  resolveModule(name: string): string | undefined;
  /** The file that forbids a module which there would be otherwise. */
  rejecting?(name: string): string | undefined;
  /** Names of modules, for suggestions. */
  moduleNames(): Iterable<string>;
  /** Whether `with_<name>` can loop. */
  hasLookup(name: string): boolean;
  hasFilter?(name: string): boolean;
  hasTest?(name: string): boolean;
  readonly vault?: Decrypter | undefined;
  warn(message: string, origin?: Origin): void;
  /**
   * Renders the name of something that is imported, with these variables and the extra ones of the command line over
   * them. Throws a TemplateError for what is not known yet.
   */
  render(value: Value, vars: Dict): Value;
}

/** The settings that matter for loading. */
export interface LoadConfig {
  /** `roles_path`, in order. */
  readonly rolesPath: readonly string[];
  /** `collections_path`, in order; with or without `ansible_collections` at the end. */
  readonly collectionsPath: readonly string[];
  /** `library`: where Python modules that users wrote may stand, to refuse them by name. */
  readonly modulePath?: readonly string[] | undefined;
  /** `duplicate_dict_key`. */
  readonly duplicateKeys?: 'warn' | 'error' | 'ignore' | undefined;
  /** `invalid_task_attribute_failed`: whether an unknown keyword on a task is an error; true unless told. */
  readonly failOnUnknownKeyword?: boolean | undefined;
  /** Whether playbooks and roles are held to the JSON schemas too (--syntax-check). */
  readonly checkSchemas?: boolean | undefined;
}
