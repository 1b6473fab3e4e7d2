import { setImmediate as nextTurn } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { cleanup, render } from 'ink-testing-library';
import { App } from '../../runner/tui/app/app.ts';
import type { ScreenName } from '../../runner/tui/app/state.ts';
import { screenOf } from '../../runner/tui/ink/screen.ts';
import type { Size } from '../../runner/tui/run/run-view.ts';
import type { RunRequest } from '../../runner/tui/sources/run-request.ts';
import { sampleNow } from './sample.ts';
import { type SampleServices, sampleServices } from './services.ts';

/** The sizes that every screen is tested and shown at. */
export const sizes: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];

/** A front end drawn by Ink where nobody but a test sees it. */
export interface Drawn {
  readonly app: App;
  readonly services: SampleServices;
  readonly edits: string[];
  readonly hasQuit: () => boolean;
  /** Types keys, one after the other, and waits until what they ask for is done and drawn. */
  press(...keys: readonly string[]): Promise<void>;
  /** The lines on the screen, without blanks at their ends. */
  screen(): Promise<readonly string[]>;
  /** Everything that was ever drawn. */
  frames(): readonly string[];
  close(): void;
}

export interface DrawOptions {
  readonly size?: Size;
  readonly screen?: ScreenName;
  readonly request?: RunRequest;
  readonly hasColor?: boolean;
  readonly framesPerSecond?: number;
}

const codes: Readonly<Record<string, string>> = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  'ctrl-c': '\x03',
  'ctrl-r': '\x12',
  'ctrl-u': '\x15',
  backspace: '\x7f',
};

export const draw = async ({
  size = sizes[0]!,
  screen,
  request,
  hasColor = false,
  framesPerSecond = 1000,
}: DrawOptions = {}): Promise<Drawn> => {
  const services = sampleServices();
  const edits: string[] = [];
  let hasQuit = false;
  const app = new App({
    services,
    size,
    now: () => sampleNow,
    framesPerSecond,
    edit: async (place) => void edits.push(place),
    quit: () => {
      hasQuit = true;
    },
    ...(screen && { screen }),
  });
  const element = screenOf(app, hasColor);
  const drawn = render(element);
  // The library's terminal has 100 columns unless it is told otherwise.
  Object.defineProperty(drawn.stdout, 'columns', { value: size.columns });
  drawn.rerender(element);
  if (request) app.start(request);
  const settled = async (): Promise<void> => {
    // Ink and React do some of their work in the turns that follow.
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    await app.idle();
    await app.frames.drawn();
  };
  await settled();
  return {
    app,
    services,
    edits,
    hasQuit: () => hasQuit,
    press: async (...keys) => {
      for (const key of keys) {
        drawn.stdin.write(codes[key] ?? key);
        await settled();
      }
    },
    screen: async () => {
      await settled();
      return stripVTControlCharacters(drawn.lastFrame()!)
        .split('\n')
        .map((line) => line.trimEnd());
    },
    frames: () => drawn.frames,
    close: () => {
      drawn.unmount();
      app.close();
      cleanup();
    },
  };
};
