import type { Script, ShellOptions, Target } from '../../connection/index.ts';

/** A target for one task: its scripts see the task's environment, and end when the task is aborted. */
export const taskTarget = (target: Target, options: Pick<ShellOptions, 'environment' | 'signal'>): Target => ({
  host: target.host,
  place: target.place,
  run: (script, own) =>
    target.run(script, { ...options, ...own, environment: { ...options.environment, ...own?.environment } }),
  put: (content, path) => target.put(content, path),
  get: (path, sink) => target.get(path, sink),
  temporaryDirectory: () => target.temporaryDirectory(),
  ...(target.endSessionsOf && { endSessionsOf: (user: string) => target.endSessionsOf!(user) }),
  forward: (to) => target.forward(to),
  ...(target.open && { open: (command: Script) => target.open!(command) }),
  isLocal: target.isLocal,
  follow: (lead) => target.follow?.(lead) ?? false,
  under: target.under ?? target,
  ...(target.reset && { reset: () => target.reset!() }),
});
