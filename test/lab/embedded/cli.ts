import { openEmbeddedHosts } from './server.ts';

// Serves hosts until it is ended. Its first line of output is the inventory.
const hosts = await openEmbeddedHosts({ hosts: Number(process.argv[2] ?? 2) });
process.stdout.write(`${hosts.inventory}\n`);
const end = (): void => void hosts.close().then(() => process.exit(0));
process.on('SIGTERM', end);
process.on('SIGINT', end);
