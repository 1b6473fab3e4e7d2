// Compares single playbooks and shows where they part: npx tsx test/oracle/cli.ts [-v] FILE-OR-FOLDER...
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { type Ansible, openAnsible } from './ansible.ts';
import { type Case, casesOf } from './cases.ts';
import { answerOf, commonEnvironment } from './compare.ts';
import { runMuster } from './muster.ts';

const compare = async (one: Case, ansible: Ansible, isVerbose: boolean): Promise<boolean> => {
  const theirs = await answerOf(one, (args) => ansible.run(args));
  const ours = await answerOf(one, (args, environment) => runMuster(args, { ...commonEnvironment, ...environment }));
  if (isVerbose) process.stdout.write(`${theirs.text}\n`);
  if (ours.text === theirs.text) return one.differs === undefined;
  if (one.differs !== undefined && !isVerbose) return true;
  const patch = createTwoFilesPatch('ansible', 'muster', theirs.text, ours.text, '', '', { context: 4 });
  process.stdout.write(
    `======== ${one.name}\n${patch
      .split('\n')
      .slice(3)
      .map((line) => line.slice(0, 300))
      .join('\n')}`,
  );
  if (/^exit code (?!0|2)/m.test(theirs.text + ours.text)) {
    process.stdout.write(`-------- ansible:\n${theirs.log}-------- muster:\n${ours.log}`);
  }
  return false;
};

const args = process.argv.slice(2);
const opened = new Map<string, Promise<Ansible>>();
let [same, different] = [0, 0];
for (const path of args.filter((arg) => !arg.startsWith('-')).map((arg) => resolve(arg))) {
  const isFolder = statSync(path).isDirectory();
  const cases = casesOf(basename(isFolder ? path : dirname(path)));
  for (const one of cases.filter(({ file }) => isFolder || file === path)) {
    const key = JSON.stringify(one.environment);
    const ansible = opened.get(key) ?? openAnsible({ ...commonEnvironment, ...one.environment });
    opened.set(key, ansible);
    if (await compare(one, await ansible, args.includes('-v'))) same++;
    else different++;
  }
}
for (const ansible of opened.values()) await (await ansible).close();
process.stdout.write(`${same} the same, ${different} different\n`);
