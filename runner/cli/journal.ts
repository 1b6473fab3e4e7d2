import type { HostCatalog } from '../engine/index.ts';
import { MusterError } from '../errors/index.ts';
import { hashOfSource } from '../record/source-hash.ts';
import type { OpenRecord, Resumed } from './open-record.ts';
import type { SessionJournal } from './session.ts';

/** The journal of a run on its way. */
export interface OpenJournal extends SessionJournal {
  /**
   * Everything that is there before the first task is loaded. Throws a MusterError when there are sources among it that
   * the run which is resumed did not have.
   */
  begin(catalog: HostCatalog): void;
}

/** The journal of a run that is recorded, or that resumes one. */
export const openJournal = (record: OpenRecord | undefined, resumed: Resumed | undefined): OpenJournal => {
  const hashes = new Map<string, string>();
  let hasBegun = false;
  const note = (path: string, isContent = false): void =>
    record?.note({ type: 'file', path, hash: hashes.get(path)!, ...(isContent && { isContent }) });
  return {
    past: resumed?.past,
    resumes: resumed?.id,
    rerunsCensored: resumed?.rerunsCensored ?? false,
    isForced: resumed?.isForced ?? false,
    write: (line) => record?.note(line),
    noteFile: (path, bytes, isContent) => {
      const hash = hashOfSource(path, bytes);
      if (hashes.get(path) === hash) return;
      hashes.set(path, hash);
      if (hasBegun || !resumed) note(path, isContent);
    },
    begin: (catalog) => {
      if (!resumed) return;
      // Their variables were read when the run came to them.
      for (const host of resumed.past.hosts) if (catalog.has(host)) catalog.layersOf(host);
      const added = [...hashes.keys()].filter((path) => !resumed.past.files.has(path));
      // A run that ended while it was being loaded did not come to read them all.
      if (added.length > 0 && !resumed.isForced && resumed.past.plays.size > 0) {
        throw new MusterError({
          message: `there are sources now that run ${resumed.id} did not have: ${added.join(', ')}`,
          hint: `'muster resume ${resumed.id} --force' goes on with them`,
        });
      }
      for (const path of hashes.keys()) note(path);
      hasBegun = true;
    },
  };
};
