/**
 * Ink, read when it is needed. On build servers it draws nothing, which it decides by variables of the environment when
 * it is read; somebody who looks at a terminal means it, whatever these say.
 */
export const importInk = async (): Promise<typeof import('ink')> => {
  const hidden = Object.entries(process.env).filter(([name]) => /^(CI|CI_.*|CONTINUOUS_INTEGRATION)$/.test(name));
  for (const [name] of hidden) delete process.env[name];
  try {
    return await import('ink');
  } finally {
    Object.assign(process.env, Object.fromEntries(hidden));
  }
};
