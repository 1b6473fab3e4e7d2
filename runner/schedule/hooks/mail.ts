import type { MailServer, SecretText } from '../types.ts';
import { type HookReport, subjectOf } from './report.ts';

const patience = 30_000;

/** Sends a report by mail. Throws when the server does not take it. */
export const sendMail = async (
  report: HookReport,
  { to, subject }: { readonly to: readonly string[]; readonly subject: string | undefined },
  server: MailServer,
  reveal: (text: SecretText) => Promise<string>,
): Promise<void> => {
  const { createTransport } = await import('nodemailer');
  const { host, port, secure, user, password, from } = server;
  const transport = createTransport({
    host,
    port,
    secure,
    // A server on this machine has no certificate that others would vouch for, and nobody listens on the way.
    ignoreTLS: /^(localhost|127\.|::1$)/.test(host),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    ...(user !== undefined && { auth: { user, pass: password === undefined ? '' : await reveal(password) } }),
    // Nothing of a report is a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to: [...to], subject: subject ?? subjectOf(report), text: `${report.text}\n` });
  } finally {
    transport.close();
  }
};
