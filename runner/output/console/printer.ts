import type { Screen } from '../screen.ts';
import { onQuestion } from '../terminal-turns.ts';

// The progress line is drawn again at most this often, and for the sake of its clock once a second.
const redrawEvery = 100;
const clockEvery = 1000;
const eraseLine = '\r\x1b[2K';

/** Writes lines above a progress line that comes and goes at the bottom of the terminal. */
export class Printer {
  readonly screen: Screen;
  readonly #leave: () => void;
  #drawn = '';
  #drawnAt = 0;

  constructor(screen: Screen) {
    this.screen = screen;
    this.#leave = onQuestion(() => this.draw('', 0));
  }

  /** Writes whole lines. */
  print(text: string): void {
    this.screen.write(`${this.#erased()}${text}\n`);
  }

  /** Writes whole lines to where warnings go. */
  warn(text: string): void {
    const erased = this.#erased();
    if (erased !== '') this.screen.write(erased);
    this.screen.warn(`${text}\n`);
  }

  /** Shows the progress line; an empty text takes it away. */
  draw(text: string, now: number): void {
    this.#drawnAt = now;
    if (!this.screen.canRedraw || text === this.#drawn) return;
    this.screen.write(`${this.#erased()}${text}`);
    this.#drawn = text;
  }

  /** The run has ended: nothing more is drawn. */
  close(): void {
    this.draw('', 0);
    this.#leave();
  }

  /** When the progress line may next be drawn: soon when there is news, else for its clock. */
  dueAt(hasNews: boolean): number {
    return this.#drawnAt + (hasNews || this.#drawn === '' ? redrawEvery : clockEvery);
  }

  #erased(): string {
    if (this.#drawn === '') return '';
    this.#drawn = '';
    return eraseLine;
  }
}
