import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostStats } from '../events/index.ts';

/** How a run ended; `running` while it goes on, or when it never came to write its end. */
export type RunStatus = 'running' | 'ok' | 'failed' | 'unreachable' | 'interrupted' | 'error';

/** A file or directory as it was when the run began. */
export interface Source {
  readonly path: string;
  /** SHA-256 of what it held; absent for what is no file, or too large. */
  readonly sha256?: string | undefined;
}

/** What a record says of its run besides the events. Secrets are masked. */
export interface Manifest {
  readonly version: 1;
  readonly id: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Milliseconds. */
  readonly duration?: number;
  readonly exitCode?: number;
  /** Why the run did not begin, or broke off. */
  readonly error?: string;
  readonly command: readonly string[];
  readonly directory: string;
  readonly check: boolean;
  /** The run that this one resumed. */
  readonly resumes?: string;
  readonly playbooks: readonly Source[];
  readonly inventory: readonly Source[];
  readonly git?: { readonly revision: string; readonly branch?: string | undefined } | undefined;
  readonly user: string;
  readonly machine: string;
  readonly versions: { readonly muster: string; readonly node: string };
  /** Tells whether the run still goes on. */
  readonly process: { readonly id: number; readonly startedAt?: string | undefined };
  readonly stats?: Readonly<Record<string, HostStats>>;
}

const fileName = 'manifest.json';

/** Replaces the manifest as a whole: whoever reads it sees the old or the new one. */
export const writeManifest = (directory: string, manifest: Manifest): void => {
  const temporary = join(directory, `.${fileName}.new`);
  writeFileSync(temporary, `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, join(directory, fileName));
};

/** A run's manifest, or what is the matter with it: neither when there is none. */
export const readManifest = (directory: string): { readonly manifest?: Manifest; readonly problem?: string } => {
  try {
    const found = JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as Partial<Manifest> | null;
    const { id, version } = found ?? {};
    if (version !== undefined && version !== 1) {
      return { problem: `its ${fileName} is of version ${String(version)}, and this muster reads version 1` };
    }
    return hasAll(found) ? { manifest: found } : { problem: `its ${fileName} is damaged${id ? '' : ', or empty'}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    return { problem: `its ${fileName} ${code === undefined ? 'is damaged, or empty' : `cannot be read (${code})`}` };
  }
};

/** Whether all is there that a manifest has from its first moment on. */
const hasAll = (found: Partial<Manifest> | null): found is Manifest =>
  typeof found?.id === 'string' &&
  typeof found.status === 'string' &&
  !Number.isNaN(Date.parse(found.startedAt ?? '')) &&
  typeof found.directory === 'string' &&
  typeof found.process === 'object' &&
  typeof found.versions === 'object' &&
  [found.command, found.playbooks, found.inventory].every(Array.isArray);

/** The status that an exit code stands for. */
export const statusOfExit = (exitCode: number): RunStatus =>
  (({ 0: 'ok', 2: 'failed', 4: 'unreachable', 99: 'interrupted' }) as const)[exitCode] ?? 'error';
