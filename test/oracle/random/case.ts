import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openFolder } from '../../support/scratch-folder.ts';
import { type Case, here } from '../cases.ts';
import { generate } from './generate.ts';

const forcedFlush = 'a failed host that waits for a forced flush is fatal for the others in Ansible';

/** Differences that are meant to be, by seed. */
const differing: Readonly<Record<number, string>> = {
  7: forcedFlush,
  169: 'hosts that a run_once failure sends back to a rescue are waited for; Ansible lets the others go ahead',
  239: forcedFlush,
};

/** Writes the playbook of a seed into a new directory; whoever asks removes it. */
export const writeRandomCase = (seed: number): Case & { readonly directory: string } => {
  const { files, options } = generate(seed);
  const folder = openFolder('muster-random-');
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  return {
    directory: folder.path,
    name: `random ${seed}`,
    file: folder.at('site.yml'),
    inventory: join(here, 'inventory.yml'),
    options,
    environment: {},
    perHost: false,
    differs: differing[seed],
    hash: createHash('sha256')
      .update(JSON.stringify([files, options]))
      .digest('hex')
      .slice(0, 16),
  };
};
