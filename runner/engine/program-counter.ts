import type { BlockNode, TaskNode } from '../playbook/tree.ts';

type Section = 'block' | 'rescue' | 'always';
const sections: readonly Section[] = ['block', 'rescue', 'always'];

/** A list of nodes that is being worked through: a section of a block, the files of an include, or notified handlers. */
interface Frame {
  readonly block: BlockNode | undefined;
  section: Section;
  nodes: readonly (BlockNode | TaskNode)[];
  /** Sort keys of the nodes, where their index alone does not order them between hosts. */
  readonly keys: readonly number[] | undefined;
  /** Handlers that were not notified are passed over. */
  readonly wants: ((task: TaskNode) => boolean) | undefined;
  /** The node that is next, or that is being worked on in the frame above. */
  index: number;
  /** A failure that is passed on when the block's always section has ended. */
  hasFailed: boolean;
}

/** Blocks that a dynamic include brought in, with a number that orders them between hosts. */
export interface Inserted {
  readonly block: BlockNode;
  readonly order: number;
}

/**
 * Where one host stands in a play: the path through nested blocks to its next task, and what a failure does there.
 * Positions of hosts in the same play can be compared, which is what keeps the linear strategy in step.
 */
export class ProgramCounter {
  readonly #frames: Frame[] = [];
  readonly #selects: (task: TaskNode) => boolean;
  readonly #onLeave: (block: BlockNode) => void;
  #peeked: TaskNode | undefined;
  /** The frames as they were before the next task was looked for. */
  #before: readonly Frame[] | undefined;
  #position: readonly number[] | undefined;

  /** Tasks that `selects` refuses (by their tags) are passed over; `onLeave` is told of each block that ended well. */
  constructor(
    root: BlockNode | undefined,
    selects: (task: TaskNode) => boolean = () => true,
    onLeave: (block: BlockNode) => void = () => {},
  ) {
    this.#selects = selects;
    this.#onLeave = onLeave;
    if (root) this.#push(root);
  }

  /** The host's next task; undefined at the end of the play. */
  peek(): TaskNode | undefined {
    if (this.#peeked === undefined && this.#frames.length > 0) {
      this.#before = this.#frames.map((frame) => ({ ...frame }));
      this.#peeked = this.#settle();
    }
    return this.#peeked;
  }

  /** The tasks that come next, this many at most, as long as none fails and nothing is put between them. */
  following(count: number): TaskNode[] {
    const copy = new ProgramCounter(undefined, this.#selects);
    copy.#frames.push(...this.#frames.map((frame) => ({ ...frame })));
    const tasks: TaskNode[] = [];
    for (let task = copy.peek(); task && tasks.length < count; task = copy.peek()) {
      tasks.push(task);
      copy.advance();
    }
    return tasks;
  }

  /** Where the next task stands: lists of numbers that order tasks between hosts. */
  position(): readonly number[] {
    this.peek();
    this.#position ??= this.#frames.flatMap((frame) => [sections.indexOf(frame.section), this.#keyOf(frame)]);
    return this.#position;
  }

  /** Goes past the task that `peek` gave. */
  advance(): void {
    this.peek();
    const top = this.#frames.at(-1);
    if (top) top.index++;
    this.#before = undefined;
    this.#forget();
  }

  /** Works these blocks off next, before what follows the include that brought them in. */
  insert(inserted: readonly Inserted[]): void {
    this.#stepBack();
    this.#frames.push({
      block: undefined,
      section: 'block',
      nodes: inserted.map(({ block }) => block),
      keys: inserted.map(({ order }) => order),
      wants: undefined,
      index: 0,
      hasFailed: false,
    });
    this.#forget();
  }

  /** Works off those handlers that are wanted when their turn comes. */
  runHandlers(handlers: readonly TaskNode[], wants: (task: TaskNode) => boolean): void {
    this.#stepBack();
    this.#frames.push({
      block: undefined,
      section: 'block',
      nodes: handlers,
      keys: undefined,
      wants,
      index: 0,
      hasFailed: false,
    });
    this.#forget();
  }

  /**
   * The task that was advanced past has failed: goes on in the nearest rescue or always section. `rescued` tells
   * whether a rescue section takes the failure up, at once or when the always sections inside of it have ended;
   * `isCleanedUp` whether the block that the task itself stands in has an always section. A host that fails together
   * with another one (run_once) has not begun what comes next: it fails where its last task stands.
   */
  fail(): { rescued: boolean; isCleanedUp: boolean } {
    if (this.#before && this.#peeked !== undefined) this.#frames.splice(0, this.#frames.length, ...this.#before);
    this.#forget();
    const rescued = this.isRescued();
    const own = this.#frames.at(-1);
    const isCleanedUp = own?.block !== undefined && own.section !== 'always' && own.block.always.length > 0;
    this.#unwind();
    return { rescued, isCleanedUp };
  }

  /** Whether a rescue section would take up a failure of the task that was advanced past. */
  isRescued(): boolean {
    return this.#frames.some(
      ({ block, section }) => block !== undefined && section === 'block' && this.#hasRescue(block),
    );
  }

  #unwind(): void {
    for (let top = this.#frames.at(-1); top; top = this.#frames.at(-1)) {
      if (top.block && top.section === 'block' && this.#hasRescue(top.block)) {
        this.#enter(top, 'rescue');
        return;
      }
      if (top.block && top.section !== 'always' && top.block.always.length > 0) {
        top.hasFailed = true;
        this.#enter(top, 'always');
        return;
      }
      this.#pop();
    }
  }

  /** Forgets failures that are being cleaned up after: what follows the block is done as if it had not failed. */
  clearFailures(): void {
    for (const frame of [...this.#frames, ...(this.#before ?? [])]) frame.hasFailed = false;
  }

  /** Leaves all of the play that is left, always sections too. */
  end(): void {
    this.#frames.length = 0;
    this.#forget();
  }

  /** Leaves the innermost role's tasks that are left (`meta: end_role`). */
  endRole(): void {
    const start = this.#frames.findLastIndex((frame) => frame.block?.role !== undefined);
    if (start === -1) return;
    this.#frames.length = start;
    this.#next();
    this.#forget();
  }

  /** Whether the next task is the rescue or clean-up of something that failed. */
  isInRescueOrAlways(): boolean {
    this.peek();
    const own = this.#frames.at(-1);
    return own?.block !== undefined && own.section !== 'block' && !this.#peeked?.isImplicit;
  }

  /** Whether anything is left of a block's rescue section: tags may leave out all that is in it. */
  #hasRescue({ rescue }: BlockNode): boolean {
    const isSelected = (node: BlockNode | TaskNode): boolean =>
      node.kind === 'task'
        ? this.#selects(node)
        : [...node.block, ...node.rescue, ...node.always].some((inner) => isSelected(inner));
    return rescue.some(isSelected);
  }

  #keyOf(frame: Frame): number {
    return frame.keys?.[frame.index] ?? frame.index;
  }

  #push(block: BlockNode): void {
    this.#frames.push({
      block,
      section: 'block',
      nodes: block.block,
      keys: undefined,
      wants: undefined,
      index: 0,
      hasFailed: false,
    });
  }

  /** Moves on to the next task: into nested blocks, over ended sections. */
  #settle(): TaskNode | undefined {
    for (;;) {
      const top = this.#frames.at(-1);
      if (!top) return undefined;
      const node = top.nodes[top.index];
      if (node === undefined) this.#endSection(top);
      else if (node.kind === 'block') this.#push(node);
      else if ((top.wants ?? this.#selects)(node)) return node;
      else top.index++;
    }
  }

  #endSection(top: Frame): void {
    if (top.block && top.section !== 'always' && top.block.always.length > 0) {
      this.#enter(top, 'always');
      return;
    }
    this.#pop();
    // The failure of a block goes to the block around it once its always section has ended.
    if (top.hasFailed) this.#unwind();
    else if (top.block) this.#onLeave(top.block);
  }

  #enter(frame: Frame, section: Section): void {
    frame.section = section;
    frame.nodes = frame.block![section];
    frame.index = 0;
  }

  #pop(): void {
    this.#frames.pop();
    this.#next();
  }

  #next(): void {
    const below = this.#frames.at(-1);
    if (below) below.index++;
  }

  /** What is inserted after an advance counts as part of the node that was advanced past. */
  #stepBack(): void {
    const top = this.#frames.at(-1);
    if (top) top.index--;
  }

  #forget(): void {
    this.#peeked = undefined;
    this.#position = undefined;
  }
}

/** Negative when `left` comes before `right`. */
export const comparePositions = (left: readonly number[], right: readonly number[]): number => {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = left[index]! - right[index]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
};
