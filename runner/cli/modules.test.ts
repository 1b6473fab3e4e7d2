import { expect, it } from 'vitest';
import { capturingOutput } from '../../test/support/captured-output.ts';
import { allModules } from '../modules/index.ts';
import { modules } from './modules.ts';

const run = async (...args: string[]): Promise<string> => {
  const { value, text } = await capturingOutput(() => modules(args));
  expect(value).toBe(0);
  return text;
};

it('lists all modules, a line each', async () => {
  const lines = (await run()).trimEnd().split('\n');
  expect(lines).toHaveLength(allModules().length);
  expect(lines.every((line) => /^\w+\.\w+\.\w+ +\S/.test(line))).toBe(true);
  expect(lines).toContainEqual(expect.stringMatching(/^ansible\.builtin\.copy +Copies files/));
});

it('describes a module by any of its names', async () => {
  const text = await run('systemd_service');
  expect(text).toMatch(/^ansible\.builtin\.systemd \(also ansible\.builtin\.systemd_service\)\n/);
  expect(text).toContain('choices: reloaded, restarted, started, stopped');
  expect(text).toContain('aliases: service, unit');
  expect(text).toContain('Returns:\n');
  expect(await run('copy')).toContain('Under --check it predicts what would change; --diff shows what changes.');
});

it('knows modules of a name like the one that is not there', async () => {
  await expect(run('coppy')).rejects.toMatchObject({
    problems: [{ message: "there is no module 'coppy'", hint: "did you mean 'copy'?" }],
  });
});
