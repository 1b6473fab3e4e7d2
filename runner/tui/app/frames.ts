/** Drawing what events tell may take up this part of the time, so that a large screen does not hold up the run. */
const share = 1 / 6;

/** Turns any number of changes into few frames: the first at once, the following as often as drawing them allows. */
export class Frames {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isUrgent = false;
  #last = Number.NEGATIVE_INFINITY;
  readonly #shortest: number;
  #interval: number;
  readonly #waiting: (() => void)[] = [];
  /** How many frames were drawn. */
  count = 0;

  /** At most `perSecond` frames are drawn in a second. */
  constructor(draw: () => void, perSecond = 16) {
    this.#draw = draw;
    this.#shortest = 1000 / perSecond;
    this.#interval = this.#shortest;
  }

  /** Something has changed. What somebody waits for, having pressed a key, is urgent. */
  request(isUrgent = false): void {
    if (this.#timer && (!isUrgent || this.#isUrgent)) return;
    clearTimeout(this.#timer);
    this.#isUrgent = isUrgent;
    const wait = this.#last + (isUrgent ? this.#shortest : this.#interval) - performance.now();
    this.#timer = setTimeout(() => this.#frame(), Math.max(0, wait));
  }

  /** How many milliseconds a frame took. */
  took(milliseconds: number): void {
    this.#interval = Math.max(this.#shortest, milliseconds / share);
  }

  /** Once everything that has changed is drawn. */
  async drawn(): Promise<void> {
    while (this.#timer) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #frame(): void {
    this.#timer = undefined;
    this.#isUrgent = false;
    this.#last = performance.now();
    this.count++;
    this.#draw();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
