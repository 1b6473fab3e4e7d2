import { openEmbeddedHosts } from '../../test/lab/embedded/server.ts';

// The program that S10's hosts are in. Says in its first line what is needed to reach them, and serves until it is ended.
const { directory, port, hosts, close } = await openEmbeddedHosts({ hosts: Number(process.argv[2]) });
process.stdout.write(`${JSON.stringify({ directory, port, hosts })}\n`);
process.on('SIGTERM', () => void close().then(() => process.exit(0)));
