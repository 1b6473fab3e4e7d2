import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface TestMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and text as they came. */
  readonly data: string;
  /** The user and password that it was sent with. */
  readonly login: string | undefined;
}

export interface TestMailServer {
  readonly port: number;
  readonly mails: TestMail[];
  close(): Promise<void>;
}

/** A mail server on this machine that takes everything. */
export const startMailServer = async (): Promise<TestMailServer> => {
  const mails: TestMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, mails);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};

const serve = (socket: Socket, mails: TestMail[]): void => {
  const answer = (text: string): void => void socket.write(`${text}\r\n`);
  let mail = { from: '', to: [] as string[], login: undefined as string | undefined };
  let data: string[] | undefined;
  let pending = '';
  const take = (line: string): void => {
    if (data) {
      if (line !== '.') {
        data.push(line);
        return;
      }
      mails.push({ ...mail, data: data.join('\n') });
      data = undefined;
      answer('250 taken');
    } else if (/^EHLO/i.test(line)) answer('250-test\r\n250 AUTH PLAIN');
    else if (/^AUTH PLAIN /i.test(line)) {
      mail.login = Buffer.from(line.split(' ')[2]!, 'base64').toString('utf8').split('\0').slice(1).join(':');
      answer('235 welcome');
    } else if (/^MAIL FROM:/i.test(line)) {
      mail = { ...mail, from: /<(.*?)>/.exec(line)![1]!, to: [] };
      answer('250 ok');
    } else if (/^RCPT TO:/i.test(line)) {
      mail.to.push(/<(.*?)>/.exec(line)![1]!);
      answer('250 ok');
    } else if (/^DATA/i.test(line)) {
      data = [];
      answer('354 go on');
    } else if (/^QUIT/i.test(line)) {
      answer('221 bye');
      socket.end();
    } else answer('250 ok');
  };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const lines = (pending + chunk.toString('utf8')).split('\r\n');
    pending = lines.pop()!;
    for (const line of lines) take(line);
  });
  answer('220 test');
};
