import type { Origin } from '../errors/index.ts';
import type { Dict, Template, Value } from '../values/index.ts';

/**
 * The keywords that stand on a play, role, block or task, as written: values may still hold Templates. What is inherited
 * is not copied down; the engine asks along `parent`.
 */
export type Keywords = ReadonlyMap<string, Value>;

interface Node {
  /** Where it stands. */
  readonly origin: Origin;
  readonly name: Value | undefined;
  /** Every keyword but `name`, `vars` and those that have a field of their own. `tags` and `when` are always lists here. */
  readonly keywords: Keywords;
  readonly vars: Dict;
  /** Where the value of each keyword stands; for errors. */
  readonly places: ReadonlyMap<string, Origin>;
}

export interface PlayNode extends Node {
  readonly kind: 'play';
  readonly parent: undefined;
  /** The playbook file that the play stands in. */
  readonly file: string;
  readonly hosts: Value;
  readonly varsFiles: readonly Value[];
  readonly varsPrompt: readonly VarsPrompt[];
  /** One block for each of `roles:`, with its dependencies in front inside of it. */
  readonly roles: readonly BlockNode[];
  readonly preTasks: readonly BlockNode[];
  readonly tasks: readonly BlockNode[];
  readonly postTasks: readonly BlockNode[];
  /** The play's own handlers; those of roles are in the roles. */
  readonly handlers: readonly BlockNode[];
  /** Conditions and variables of the import_playbook statements around it, outermost first. */
  readonly imports: readonly {
    readonly when: readonly Value[];
    readonly vars: Dict;
    readonly tags: readonly Value[];
  }[];
}

export interface VarsPrompt {
  readonly name: string;
  /** The entry as it is written: `prompt`, `default`, `private`, `confirm`, … */
  readonly options: Dict;
}

/** `block`/`rescue`/`always`; also what a role, an import and a run of bare tasks (implicit) become. */
export interface BlockNode extends Node {
  readonly kind: 'block';
  readonly parent: PlayNode | BlockNode | TaskNode | undefined;
  /** No `block:` was written: it only holds tasks together. */
  readonly isImplicit: boolean;
  readonly block: readonly (BlockNode | TaskNode)[];
  readonly rescue: readonly (BlockNode | TaskNode)[];
  readonly always: readonly (BlockNode | TaskNode)[];
  /** The role that the block brings in, when it stands for `roles:`, `import_role` or a dependency. */
  readonly role: RoleNode | undefined;
  /** The `vars` of the static `include` that it stands for: parameters, which are stronger than facts that were set. */
  readonly includeParams?: Dict | undefined;
  /** The static import that the block stands for. */
  readonly imported: 'tasks' | 'role' | undefined;
  /** The file that its tasks stand in. */
  readonly file: string;
}

export interface TaskNode extends Node {
  readonly kind: 'task';
  readonly parent: BlockNode | undefined;
  /** The action as it is written: `copy`, `ansible.builtin.copy`, `include_tasks`. */
  readonly action: string;
  /** The action's full name after looking through collections; `ansible.builtin.copy`. */
  readonly module: string;
  /** The action itself is a template (`action: "{{ name }} …"`); `action` and `module` then hold its text. */
  readonly actionTemplate: Template | undefined;
  /**
   * The action's arguments, those of `args:` merged in. Templates are still Templates. Includes and imports of tasks always
   * have `file`, those of roles `name`.
   */
  readonly args: Dict;
  /** A template that stands for a whole mapping of arguments (`copy: "{{ options }}"`); those in `args` are stronger. */
  readonly variableArgs: Value | undefined;
  /** The text of `command: ls -l` and its kind, without the key=value words that are the module's own. */
  readonly freeForm: Value | undefined;
  readonly loop: Loop | undefined;
  readonly isHandler: boolean;
  /** Nobody wrote it: it was put in by the loader (a role's check of its arguments). */
  readonly isImplicit: boolean;
  /** The nearest role that it stands in. */
  readonly role: RoleNode | undefined;
  readonly file: string;
}

/** `loop`, or `with_<lookup>`. */
export interface Loop {
  readonly lookup: string | undefined;
  readonly value: Value;
}

/** A role as loaded for one place where it is used. */
export interface RoleNode {
  /** As it is shown: `common`, or `opensvc.cluster.install_drbd` for one from a collection. */
  readonly name: string;
  /** The same for all uses of a role with the same parameters: of these only one runs unless duplicates are allowed. */
  readonly identity: string;
  /** `namespace.collection` when it comes from one. */
  readonly collection: string | undefined;
  readonly path: string;
  readonly defaults: Dict;
  /** Its `vars/`, below them the `vars` given where the role is used. */
  readonly vars: Dict;
  /** Parameters given where the role is used (not keywords). */
  readonly params: Dict;
  readonly allowDuplicates: boolean;
  readonly isPublic: boolean;
  readonly handlers: readonly BlockNode[];
  readonly dependencies: readonly RoleNode[];
  /** Roles that this one is a dependency of, the nearest last. */
  readonly dependents: readonly RoleNode[];
  /** The entry of `argument_specs` for its entry point; the check of it already stands in front of the role's tasks. */
  readonly argumentSpec: Dict | undefined;
  /** The `collections:` that its tasks are searched in. */
  readonly collections: readonly string[];
}
