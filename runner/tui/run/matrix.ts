import { type Cell, cell, cellKinds } from './cell.ts';

/**
 * Hosts by tasks, a byte each, with counts for each host and task that are kept as cells change: whoever shows a part
 * of it never has to look at all of it. Tasks are columns that lie one behind the other in memory, so that one more is
 * only more room at the end.
 */
export class Matrix {
  #hosts = 0;
  #tasks = 0;
  #hostRoom = 16;
  #taskRoom = 16;
  #cells = new Uint8Array(16 * 16);
  #durations = new Uint32Array(16 * 16);
  #byHost = new Uint32Array(16 * cellKinds);
  #byTask = new Uint32Array(16 * cellKinds);
  readonly #totals = new Uint32Array(cellKinds);

  get hosts(): number {
    return this.#hosts;
  }

  get tasks(): number {
    return this.#tasks;
  }

  addHost(): number {
    if (this.#hosts === this.#hostRoom) this.#widen();
    return this.#hosts++;
  }

  addTask(): number {
    if (this.#tasks === this.#taskRoom) {
      this.#taskRoom *= 2;
      this.#cells = grown(this.#cells, this.#taskRoom * this.#hostRoom);
      this.#durations = grown(this.#durations, this.#taskRoom * this.#hostRoom);
      this.#byTask = grown(this.#byTask, this.#taskRoom * cellKinds);
    }
    return this.#tasks++;
  }

  get(host: number, task: number): Cell {
    return this.#cells[task * this.#hostRoom + host]! as Cell;
  }

  /** Milliseconds that a task took on a host. */
  duration(host: number, task: number): number {
    return this.#durations[task * this.#hostRoom + host]!;
  }

  set(host: number, task: number, kind: Cell, duration = 0): void {
    const at = task * this.#hostRoom + host;
    const before = this.#cells[at]!;
    this.#durations[at] = duration;
    if (before === kind) return;
    this.#cells[at] = kind;
    if (before !== cell.none) this.#count(host, task, before, -1);
    if (kind !== cell.none) this.#count(host, task, kind, 1);
  }

  /** How many cells of a kind there are in a host's row, in a task's column, and in all. */
  ofHost(host: number, kind: Cell): number {
    return this.#byHost[host * cellKinds + kind]!;
  }

  ofTask(task: number, kind: Cell): number {
    return this.#byTask[task * cellKinds + kind]!;
  }

  total(kind: Cell): number {
    return this.#totals[kind]!;
  }

  #count(host: number, task: number, kind: number, change: 1 | -1): void {
    this.#byHost[host * cellKinds + kind]! += change;
    this.#byTask[task * cellKinds + kind]! += change;
    this.#totals[kind]! += change;
  }

  #widen(): void {
    const room = this.#hostRoom * 2;
    this.#cells = spread(this.#cells, new Uint8Array(room * this.#taskRoom), this.#hostRoom, room);
    this.#durations = spread(this.#durations, new Uint32Array(room * this.#taskRoom), this.#hostRoom, room);
    this.#byHost = grown(this.#byHost, room * cellKinds);
    this.#hostRoom = room;
  }
}

const grown = <T extends Uint8Array | Uint32Array>(old: T, length: number): T => {
  const room = (old instanceof Uint8Array ? new Uint8Array(length) : new Uint32Array(length)) as T;
  room.set(old);
  return room;
};

/** Columns with more room between their beginnings. */
const spread = <T extends Uint8Array | Uint32Array>(old: T, room: T, before: number, after: number): T => {
  for (let start = 0, to = 0; start < old.length; start += before, to += after) {
    room.set(old.subarray(start, start + before), to);
  }
  return room;
};
