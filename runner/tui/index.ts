// The terminal's full-screen front end: what events and sources tell as screens, and keys as wishes of whoever looks on.
import { App } from './app/app.ts';
import { openTerminal, sizeOf, type TerminalOptions } from './ink/open-terminal.ts';
import type { RunRequest } from './sources/run-request.ts';
import type { Services } from './sources/services.ts';

export interface TuiOptions extends TerminalOptions {
  readonly services: Services;
  /** A run that begins at once. */
  readonly request: RunRequest | undefined;
}

/** Shows the front end until whoever looks on leaves. Gives the exit code and record of the run that was started last. */
export const openTui = async (
  options: TuiOptions,
): Promise<{ readonly exitCode: number | undefined; readonly runId: string | undefined }> => {
  const { services, request, stdout } = options;
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  let edit: (place: string) => Promise<void> = async () => {};
  const app = new App({
    services,
    size: sizeOf(stdout),
    screen: request ? 'run' : 'playbooks',
    edit: (place) => edit(place),
    quit: leave,
  });
  const terminal = await openTerminal(app, options);
  edit = terminal.edit;
  // Somebody closes the terminal, or ends the process: the run ends as if it had been asked to.
  const onSignal = (): void => app.leave();
  process.on('SIGTERM', onSignal).on('SIGHUP', onSignal).on('SIGINT', onSignal);
  try {
    if (request) app.start(request);
    await left;
  } finally {
    process.off('SIGTERM', onSignal).off('SIGHUP', onSignal).off('SIGINT', onSignal);
    terminal.close();
    app.close();
  }
  return { exitCode: app.exitCode, runId: app.runId };
};
