import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { App } from '../app/app.ts';
import { editorCommand, runEditor } from './editor.ts';
import { FrameWriter } from './frame-writer.ts';
import { importInk } from './import-ink.ts';

export interface TerminalOptions {
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

const enter = '\x1b[?1049h';
const leave = '\x1b[0m\x1b[?25h\x1b[?1049l';

export const sizeOf = ({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } => ({
  columns: columns || 80,
  rows: rows || 24,
});

/** Draws a front end on the terminal's second screen. However the process ends, the first one comes back. */
export const openTerminal = async (app: App, { stdout, hasColor }: TerminalOptions): Promise<OpenTerminal> => {
  const { render, screenOf } = await importInk();
  let close: (() => void) | undefined;
  let writer: FrameWriter | undefined;
  const open = (): void => {
    stdout.write(enter);
    app.resize(sizeOf(stdout));
    let drawing = 0;
    const frames = new FrameWriter(stdout, (writing) => app.frames.took(drawing + writing));
    // A stream of its own: nothing reads keys any more that an editor is to get once this one is gone.
    const stdin = new ReadStream(openSync('/dev/tty', 'r'));
    writer = frames;
    // In this mode Ink hands on whole frames, when the front end wants them.
    const { unmount } = render(screenOf(app, hasColor), {
      stdin,
      stdout: frames as unknown as NodeJS.WriteStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
      onRender: ({ renderTime }) => {
        drawing = renderTime;
      },
    });
    close = () => {
      close = undefined;
      frames.close();
      unmount();
      stdin.setRawMode(false);
      stdin.destroy();
      stdout.write(leave);
    };
  };
  const onResize = (): void => {
    writer?.forget();
    app.resize(sizeOf(stdout));
  };
  const onExit = (): void => {
    close?.();
  };
  process.on('exit', onExit);
  // What ends the process is told on the first screen, where it stays to be read.
  process.on('uncaughtExceptionMonitor', onExit);
  stdout.on('resize', onResize);
  open();
  return {
    edit: async (place) => {
      close?.();
      try {
        await runEditor(editorCommand(place, process.env));
      } finally {
        open();
      }
    },
    close: () => {
      process.off('exit', onExit);
      process.off('uncaughtExceptionMonitor', onExit);
      stdout.off('resize', onResize);
      close?.();
    },
  };
};
