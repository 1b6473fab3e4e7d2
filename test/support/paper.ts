import type { Screen } from '../../runner/output/screen.ts';

/** A screen that remembers what was written to it. */
export class Paper implements Screen {
  text = '';
  readonly columns = 79;
  readonly hasColor: boolean = false;
  readonly isTerminal: boolean;
  readonly canRedraw: boolean;
  readonly width: number;

  constructor(kind: 'terminal' | 'log' | 'dumb' = 'log', width = 100) {
    this.isTerminal = kind !== 'log';
    this.canRedraw = kind === 'terminal';
    this.width = width;
  }

  write(text: string): void {
    this.text += text;
  }

  warn(text: string): void {
    this.text += text;
  }
}
