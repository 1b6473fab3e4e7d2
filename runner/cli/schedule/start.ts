import type { Config } from '../../config/index.ts';
import { MusterError } from '../../errors/index.ts';
import { Daemon, notifySystemd, parseAddress, portOf, serve } from '../../schedule/daemon/index.ts';
import type { Schedules } from '../../schedule/index.ts';
import { jsonLog, type Log } from '../../schedule/log.ts';
import { openContext, revealer } from '../../schedule/open-context.ts';
import { findMissingFiles, loadSchedules } from '../../schedule/source/index.ts';
import { configBeside, type FileOption } from './open.ts';

/** Begins runs when they are due. SIGTERM and SIGINT end it when its runs have ended; SIGHUP reads the file anew. */
export const scheduleStart = async (options: FileOption & { readonly listen?: string }): Promise<number> => {
  const address = options.listen === undefined ? undefined : parseAddress(options.listen);
  const schedules = loadSchedules(options.file);
  const config = configBeside(schedules.file);
  process.chdir(schedules.folder);
  const log = jsonLog((line) => void process.stdout.write(line));
  // Whoever reads the log may be gone before the runs are over.
  process.stdout.on('error', () => {});
  const context = await openContext(schedules, { config, log });
  const daemon = new Daemon(context);
  const stop = (): void => {
    log('info', 'stopping', { running: daemon.runningCount });
    void notifySystemd('STOPPING=1');
    daemon.stop();
  };
  const reload = (): void => reloadFile(daemon, schedules.file, config, log);
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', reload);
  const server = address && (await serve(daemon, address));
  try {
    warnOfMissing(schedules, log);
    await daemon.work(() => {
      const listen = server && address ? `${address.host}:${portOf(server)}` : undefined;
      log('info', 'started', {
        file: schedules.file,
        schedules: schedules.schedules.length,
        process: process.pid,
        listen,
      });
      void notifySystemd('READY=1');
    });
    log('info', 'stopped');
    return 0;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', reload);
    server?.close();
    server?.closeAllConnections();
    context.store.close();
  }
};

const warnOfMissing = (schedules: Schedules, log: Log): void => {
  for (const { message } of findMissingFiles(schedules)) log('warning', 'file_missing', { reason: message });
};

const reloadFile = (daemon: Daemon, file: string, config: Config, log: Log): void => {
  try {
    const schedules = loadSchedules(file);
    daemon.reload(schedules, revealer(schedules, config, log));
    log('info', 'reloaded', { schedules: schedules.schedules.length });
    warnOfMissing(schedules, log);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    for (const { message, origin } of error.problems) {
      log('error', 'reload_failed', { reason: message, line: origin?.line, column: origin?.column });
    }
  }
};
