// Compares single playbooks and shows where they part: npx tsx test/oracle/cli.ts [-v] FILE, FOLDER or SEED[-SEED]...
import { rmSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { type Ansible, openAnsible } from './ansible.ts';
import { type Case, casesOf } from './cases.ts';
import { answerOf, commonEnvironment } from './compare.ts';
import { runMuster } from './muster.ts';
import { writeRandomCase } from './random/case.ts';

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

const casesFor = (arg: string): Iterable<Case> => {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(arg) ?? [];
  if (first !== undefined) return randomCases(Number(first), Number(last));
  const path = resolve(arg);
  const isFolder = statSync(path).isDirectory();
  return casesOf(basename(isFolder ? path : dirname(path))).filter(({ file }) => isFolder || file === path);
};

function* randomCases(first: number, last: number): Iterable<Case> {
  for (let seed = first; seed <= last; seed++) {
    const one = writeRandomCase(seed);
    yield one;
    rmSync(one.directory, { recursive: true });
  }
}

const args = process.argv.slice(2);
const opened = new Map<string, Promise<Ansible>>();
let [same, different] = [0, 0];
for (const arg of args.filter((arg) => !arg.startsWith('-'))) {
  for (const one of casesFor(arg)) {
    const key = JSON.stringify(one.environment);
    const ansible = opened.get(key) ?? openAnsible({ ...commonEnvironment, ...one.environment });
    opened.set(key, ansible);
    if (await compare(one, await ansible, args.includes('-v'))) same++;
    else different++;
  }
}
for (const ansible of opened.values()) await (await ansible).close();
process.stdout.write(`${same} the same, ${different} different\n`);
