/**
 * Ink and what is drawn with it, read when it is needed. React looks at the environment while it is read: it checks
 * itself at length unless it is told not to. For everybody else the environment is what it was.
 */
export const importInk = async () => {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    const [{ render }, { screenOf }] = await Promise.all([import('ink'), import('./screen.ts')]);
    return { render, screenOf };
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
};
