import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { steadyText } from '../twins/results.ts';
import { type Dockerd, makeImageTree, startDockerd } from './dockerd.ts';

/** Makes two images as archives, the same for all engines. */
export const makeImages = async (root: string): Promise<void> => {
  const engine = await startDockerd();
  try {
    const tree = await makeImageTree(root);
    await engine.docker('import', '--change', 'CMD ["/bin/serve"]', tree, 'base:1');
    await engine.docker('import', '--change', 'CMD ["/bin/sleep", "9"]', '--change', 'LABEL v=2', tree, 'base:2');
    await engine.docker('save', '-o', join(root, 'base1.tar'), 'base:1');
    await engine.docker('save', '-o', join(root, 'base2.tar'), 'base:2');
  } finally {
    await engine.close();
  }
};

/** What is on an engine, without what it makes up itself. */
export const stateOf = async ({ docker, folder }: Dockerd, here: string): Promise<string[]> => {
  const parts = [
    await docker(
      'ps',
      '-a',
      '--no-trunc',
      '--format',
      '{{.Names}} {{.Image}} {{.Command}} {{.State}} {{.Networks}} {{.Mounts}}',
    ),
    await docker('images', '--format', '{{.Repository}}:{{.Tag}}'),
    await docker('network', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Internal}} {{.Labels}}'),
    await docker('volume', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Labels}}'),
    await readFile(join(here, 'config.json'), 'utf8').catch(() => 'no config\n'),
    existsSync(join(here, 'archive.tar')) ? 'an archive\n' : 'no archive\n',
  ];
  return parts
    .flatMap((part) => part.trimEnd().split('\n').sort())
    .map((line) => steadyText(line, { [here]: 'HERE', [folder]: 'ENGINE' }).replace(/[0-9a-f]{64}/g, 'ID'))
    .sort();
};
