import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebPackage } from '../support/deb-repository.ts';

const folder = 'usr/share/opensvc-standin';

/** The generations of OpenSVC's agent that the stand-in speaks like, with the names of their packages and units. */
export const generations = {
  2: { version: '2.1', name: 'opensvc', unit: 'opensvc-agent' },
  3: { version: '3.0', name: 'opensvc-server', unit: 'opensvc-server' },
} as const;

export type Generation = keyof typeof generations;

/** The stand-in for OpenSVC's agent as a Debian package that takes the place of the agent's. */
export const standInPackage = async (generation: Generation): Promise<DebPackage> => {
  const { version, name, unit } = generations[generation];
  const sources = join(import.meta.dirname, 'agent');
  const names = (await readdir(sources)).filter((file) => file.endsWith('.py'));
  const files = await Promise.all(
    names.map(async (file) => [`${folder}/${file}`, await readFile(join(sources, file), 'utf8')] as const),
  );
  return {
    name,
    version: `${version}-standin`,
    fields: ['Depends: python3, psmisc'],
    files: {
      ...Object.fromEntries(files),
      [`${folder}/VERSION`]: `${version}-standin\n`,
      'usr/bin/om': `#!/bin/sh\nexec python3 -B /${folder}/om.py "$@"\n`,
      [`lib/systemd/system/${unit}.service`]: `[Unit]
Description=Stand-in for the OpenSVC agent, for tests
After=network.target
[Service]
ExecStart=/usr/bin/om daemon run
Restart=on-failure
KillMode=process
[Install]
WantedBy=multi-user.target
`,
      'DEBIAN/postinst': `#!/bin/sh
chmod 755 /usr/bin/om
systemctl daemon-reload
systemctl enable -q --now ${unit}.service
`,
      'DEBIAN/prerm': `#!/bin/sh\nsystemctl disable -q --now ${unit}.service\n`,
    },
  };
};
