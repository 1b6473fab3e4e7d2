/** At most so many frames a second. */
const shortest = 1000 / 16;

/** Drawing may take up this part of the time, so that a slow terminal does not hold up the run. */
const share = 1 / 8;

/** Turns any number of changes into few frames: the first at once, the following as often as drawing them allows. */
export class Frames {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #interval = shortest;
  /** How many frames were drawn. */
  count = 0;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Something has changed. */
  request(): void {
    if (this.#timer) return;
    const wait = this.#last + this.#interval - performance.now();
    this.#timer = setTimeout(() => this.#frame(), Math.max(0, wait));
  }

  /** How many milliseconds a frame took. */
  took(milliseconds: number): void {
    this.#interval = Math.max(shortest, milliseconds / share);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #frame(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.count++;
    this.#draw();
  }
}
