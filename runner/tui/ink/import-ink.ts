/**
 * Ink and what is drawn with it, read when it is needed. Both look at the environment while they are read: on build
 * servers Ink draws nothing, and React checks itself at length unless it is told not to. Somebody who looks at a
 * terminal means it, whatever these variables say; for everybody else they are what they were.
 */
export const importInk = async () => {
  const before = { ...process.env };
  for (const name of Object.keys(before))
    if (/^(CI|CI_.*|CONTINUOUS_INTEGRATION)$/.test(name)) delete process.env[name];
  process.env.NODE_ENV = 'production';
  try {
    const [{ render }, { Screen }] = await Promise.all([import('ink'), import('./screen.tsx')]);
    return { render, Screen };
  } finally {
    if (before.NODE_ENV === undefined) delete process.env.NODE_ENV;
    Object.assign(process.env, before);
  }
};
