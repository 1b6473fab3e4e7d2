import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** The `.deb` of a real agent, or a folder with it and what it depends on; the stand-in is used when nothing is named. */
export const realAgent = process.env.MUSTER_TEST_OPENSVC_AGENT;

/** What a web server answers, by path. */
export type Pages = Map<string, string | RequestListener>;

/** Serves pages at a free port of this machine. */
export const servePages = async (): Promise<{ pages: Pages; port: number; close: () => void }> => {
  const pages: Pages = new Map();
  const server = createServer((request, response) => {
    const page = pages.get((request.url ?? '').split('?')[0] ?? '');
    if (typeof page === 'function') page(request, response);
    else if (page === undefined) response.writeHead(404).end('not here');
    else response.end(page, 'latin1');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { pages, port: (server.address() as AddressInfo).port, close };
};

/** Serves a real agent as /agent.deb; returns the paths of the packages that it depends on. */
export const serveRealAgent = async (pages: Pages, source: string): Promise<string[]> => {
  const names = (await stat(source)).isDirectory()
    ? (await readdir(source)).filter((name) => name.endsWith('.deb')).map((name) => join(source, name))
    : [source];
  const agent = names.find((name) => /\/opensvc(?!-client)[^/]*$/.test(name));
  if (agent === undefined) throw new Error(`no package opensvc* in MUSTER_TEST_OPENSVC_AGENT=${source}`);
  pages.set('/agent.deb', await readFile(agent, 'latin1'));
  const others = names.filter((name) => name !== agent);
  for (const name of others) pages.set(`/${name.split('/').at(-1)}`, await readFile(name, 'latin1'));
  return others.map((name) => `/${name.split('/').at(-1)}`);
};
