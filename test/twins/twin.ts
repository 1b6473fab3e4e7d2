import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLab } from '../lab/lab.ts';
import type { HostKind } from '../lab/record.ts';
import type { Stage } from './play.ts';

const here = import.meta.dirname;

/** One of the hosts that are compared, with all that a playbook finds around it. */
export interface Twin extends Stage {
  /** What differs between twins by nature, and what stands for it in a comparison. */
  readonly places: Readonly<Record<string, string>>;
  /** What is on the host now, line by line. */
  state(): Promise<string[]>;
  close(): Promise<void>;
}

/** Makes a host in a lab of its own, so that all twins have the same name, and puts on it what the playbook expects. */
export const openTwin = async (kind: HostKind = 'debian'): Promise<Twin> => {
  const lab = await openLab({ hosts: 1, kind });
  const directory = await mkdtemp(join(tmpdir(), 'muster-twin-'));
  const web = await startWeb();
  const close = async (): Promise<void> => {
    await Promise.all([lab.close(), web.close(), rm(directory, { recursive: true, force: true })]);
  };
  try {
    const [{ name, address }] = lab.hosts as [{ name: string; address: string }];
    const exec = async (script: string): Promise<string> => {
      const { code, stdout, stderr } = await lab.exec(name, await readFile(join(here, script), 'utf8'));
      if (code !== 0) throw new Error(`${script} failed on ${name}: ${stderr}`);
      return stdout;
    };
    await exec('seed.sh');
    const archive = join(directory, 'archive.tar.gz');
    await makeArchive(archive);
    const gateway = address.replace(/\d+$/, '1');
    const inventory = join(directory, 'inventory.ini');
    await writeFile(inventory, inventoryText(address, lab, kind));
    return {
      inventory,
      directory,
      variables: { server: `http://${gateway}:${web.port}`, fetched: join(directory, 'fetched'), archive },
      places: {
        [`${gateway}:${web.port}`]: 'SERVER',
        [address.replace(/\d+$/, '')]: 'NET.',
        [directory]: 'HERE',
        // Ansible tells where a program lies.
        ...Object.fromEntries(['zypper', 'pacman'].map((program) => [`/usr/bin/${program}`, program])),
      },
      state: async () => (await exec('state.sh')).split('\n'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const inventoryText = (address: string, lab: { key: string; knownHosts: string }, kind: HostKind): string => {
  const vars = [
    `ansible_ssh_private_key_file=${lab.key}`,
    `ansible_ssh_common_args='-F none -o UserKnownHostsFile=${lab.knownHosts} -o IdentitiesOnly=yes'`,
    // Without sudo the tasks run as root from the beginning.
    ...(kind === 'busybox'
      ? ['ansible_user=root', 'ansible_become=false']
      : ['ansible_python_interpreter=/usr/bin/python3']),
  ];
  return `[twin]\nalpha ansible_host=${address}\n\n[twin:vars]\n${vars.join('\n')}\n`;
};

const makeArchive = (file: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = [
      '--owner=0',
      '--group=0',
      '--mtime=2024-01-02',
      '-C',
      join(here, 'playbook/files'),
      '-czf',
      file,
      'folder',
    ];
    execFile('tar', args, (error) => (error ? reject(error) : resolve()));
  });

interface Web {
  readonly port: number;
  close(): Promise<void>;
}

/** A web server for the lab's hosts. Its answers hold nothing that changes. */
const startWeb = async (): Promise<Web> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

const answer: RequestListener = (request, response) => {
  response.sendDate = false;
  const say = (code: number, type: string, body: string, headers: Record<string, string> = {}): void => {
    response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
  const modified = { 'last-modified': 'Tue, 02 Jan 2024 03:04:05 GMT' };
  if (request.url === '/file.txt') say(200, 'text/plain', 'from the server\n', modified);
  else if (request.url === '/named')
    say(200, 'text/plain', 'named\n', { 'content-disposition': 'attachment; filename="a-name.txt"' });
  else if (request.url === '/json')
    say(200, 'application/json', JSON.stringify({ twin: request.headers['x-twin'], list: [1, null] }));
  else if (request.url === '/echo') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => say(201, 'application/json; charset=utf-8', Buffer.concat(chunks).toString()));
  } else say(404, 'text/plain', 'nothing here');
};
