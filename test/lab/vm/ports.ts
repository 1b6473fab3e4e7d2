import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const tcpIsFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const udpIsFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });

/** A port of the loopback that nobody uses, and that the kernel does not give to outgoing connections. */
const freePort = async (isFree: (port: number) => Promise<boolean>): Promise<number> => {
  for (let tries = 0; tries < 1000; tries++) {
    const port = randomInt(15_000, 30_000);
    if (await isFree(port)) return port;
  }
  throw new Error('this machine has no free ports');
};

export const freeTcpPort = (): Promise<number> => freePort(tcpIsFree);
export const freeUdpPort = (): Promise<number> => freePort(udpIsFree);
