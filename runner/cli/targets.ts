import type { Config } from '../config/index.ts';
import { type ConnectionSpec, LocalTransport, ShellTarget, type Target } from '../connection/index.ts';

export interface Targets {
  target(spec: ConnectionSpec): Target;
  reset(host: string): Promise<void>;
  close(): Promise<void>;
}
export const openTargets = (_config: Config, _signal: AbortSignal, _warn: (message: string) => void): Targets => {
  const targets = new Map<string, ShellTarget>();
  return {
    target: (spec) => {
      let target = targets.get(spec.host);
      if (!target) {
        target = new ShellTarget(spec.host, new LocalTransport());
        targets.set(spec.host, target);
      }
      return target;
    },
    reset: async () => {},
    close: async () => {
      await Promise.all([...targets.values()].map((target) => target.close()));
    },
  };
};
