import { afterAll, expect } from 'vitest';
import { type Ansible, openAnsible } from './ansible.ts';
import { oracleMode, type Recorded, readAnswers, writeAnswers } from './answers.ts';
import type { Case } from './cases.ts';
import { answerOf, commonEnvironment } from './compare.ts';
import { runMuster } from './muster.ts';

/** Milliseconds for one playbook: Ansible is slow where many things run at once. */
export const patience = 180_000;

/** The other side of the comparison: Ansible itself, or what was recorded of it under a name. */
export const openTheirs = (name: string) => {
  const mode = oracleMode();
  const recorded = readAnswers(name);
  const fresh: Recorded = {};
  const running = new Map<string, Promise<Ansible>>();

  // One process for each environment, since Ansible reads its settings when it is loaded.
  const ansibleFor = (environment: Readonly<Record<string, string>>): Promise<Ansible> => {
    const key = JSON.stringify(environment);
    const known = running.get(key) ?? openAnsible({ ...commonEnvironment, ...environment });
    running.set(key, known);
    return known;
  };

  const ask = async (one: Case): Promise<string> => {
    const known = recorded[one.name];
    if (mode === 'recorded') {
      if (known?.hash === one.hash) return known.text;
      throw new Error(`what Ansible makes of ${one.name} is not recorded: run the tests with MUSTER_ORACLE=record`);
    }
    const ansible = await ansibleFor(one.environment);
    const { text } = await answerOf(one, (args) => ansible.run(args));
    if (mode === 'live' && (known?.hash !== one.hash || known.text !== text)) {
      throw new Error(`the record of ${one.name} is not what Ansible says: run the tests with MUSTER_ORACLE=record`);
    }
    fresh[one.name] = { hash: one.hash, text };
    return text;
  };

  afterAll(async () => {
    for (const ansible of running.values()) await (await ansible).close();
    // Only some of the tests may have been run.
    if (mode === 'record') writeAnswers(name, { ...recorded, ...fresh });
  });

  return {
    /** Holds what muster makes of a playbook to what Ansible makes of it. */
    compare: async (one: Case): Promise<void> => {
      const expected = await ask(one);
      const { text } = await answerOf(one, (args, environment) =>
        runMuster(args, { ...commonEnvironment, ...environment }),
      );
      if (one.differs === undefined) expect(text).toBe(expected);
      else expect(text, `they are the same now, so this has to go: ${one.differs}`).not.toBe(expected);
    },
  };
};
