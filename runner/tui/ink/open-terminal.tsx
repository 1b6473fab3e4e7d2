import type { App } from '../app/app.ts';
import { editorCommand, runEditor } from './editor.ts';
import { importInk } from './import-ink.ts';

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly hasColor: boolean;
}

/** A terminal taken over for a front end. */
export interface OpenTerminal {
  /** Lends the terminal to an editor until that ends. */
  edit(place: string): Promise<void>;
  /** Gives the terminal back as it was. */
  close(): void;
}

const enter = '\x1b[?1049h\x1b[2J\x1b[H';
const leave = '\x1b[?1049l\x1b[?25h';

/** The terminal's size; a line is left free, without which some terminals scroll. */
export const sizeOf = ({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } => ({
  columns: columns || 80,
  rows: Math.max(2, (rows || 24) - 1),
});

/** Draws a front end on the terminal's second screen. However the process ends, the first one comes back. */
export const openTerminal = async (app: App, { stdin, stdout, hasColor }: TerminalOptions): Promise<OpenTerminal> => {
  const { render, Screen } = await importInk();
  let mounted: ReturnType<typeof render> | undefined;
  const mount = (): void => {
    stdout.write(enter);
    app.resize(sizeOf(stdout));
    mounted = render(<Screen app={app} hasColor={hasColor} />, {
      stdin,
      stdout,
      exitOnCtrlC: false,
      patchConsole: false,
      incrementalRendering: true,
      maxFps: 60,
      onRender: ({ renderTime }) => app.frames.took(renderTime),
    });
  };
  const unmount = (): void => {
    mounted?.unmount();
    mounted = undefined;
    stdout.write(leave);
  };
  // After a change of size nothing that stands on the screen can be built upon.
  const onResize = (): void => {
    if (!mounted) return;
    mounted.unmount();
    mount();
  };
  const onExit = (): void => {
    if (mounted && stdin.isTTY) stdin.setRawMode(false);
    stdout.write(leave);
  };
  process.on('exit', onExit);
  stdout.on('resize', onResize);
  mount();
  return {
    edit: async (place) => {
      unmount();
      try {
        await runEditor(editorCommand(place, process.env));
      } finally {
        mount();
      }
    },
    close: () => {
      process.off('exit', onExit);
      stdout.off('resize', onResize);
      if (mounted) unmount();
    },
  };
};
