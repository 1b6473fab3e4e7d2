/** Ends the process once everything that was written has gone out; nothing that is still open may hold it back. */
export const exit = async (code: number): Promise<never> => {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise<void>((done) => stream.write('', () => done()))),
  );
  process.exit(code);
};
