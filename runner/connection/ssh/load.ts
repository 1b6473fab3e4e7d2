import type ssh2 from 'ssh2';

/** The ssh library, loaded when the first connection needs it. */
export const loadSsh2 = async (): Promise<typeof ssh2> => (await import('ssh2')).default;
