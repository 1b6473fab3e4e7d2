import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { type Origin, SourceError } from '../../errors/index.ts';
import { type Dict, parseJson, Template, textOf, toRepr, typeName, type Value, VaultText } from '../../values/index.ts';
import { isDirectory, isExecutable, isReadableFile } from '../files.ts';
import type { SourceContext, SourceKind } from './source.ts';

// How many `--host` calls of one script run at the same time.
const parallelCalls = 8;

/** An executable that prints the inventory as JSON. */
export const scriptSource: SourceKind = {
  name: 'script',
  accepts: (source) =>
    isReadableFile(source) && !isDirectory(source) && (isExecutable(source) || beginsWithShebang(source)),
  read: async (source, context) => {
    const listed = await call(source, ['--list'], context, context.showsScriptErrors);
    if (!(listed instanceof Map)) {
      throw new SourceError(
        `failed to parse executable inventory script results from ${source}: needs to be a json dict`,
      );
    }
    const hosts = new Set<string>();
    let meta: Value | undefined;
    for (const [name, data] of listed) {
      if (name === '_meta') meta = data instanceof Map ? data.get('hostvars') : undefined;
      else readGroup(name, data, hosts, context);
    }
    await setHostVariables(source, hosts, meta, context);
  },
};

const readGroup = (name: Value, given: Value, hosts: Set<string>, { inventory }: SourceContext): void => {
  const group = inventory.addGroup(name);
  // A list is the hosts; a dict without any of the three keys is a host's variables.
  let data = given;
  if (!(data instanceof Map)) data = new Map([['hosts', data]]);
  else if (!data.has('hosts') && !data.has('vars') && !data.has('children')) {
    data = new Map<Value, Value>([
      ['hosts', [group]],
      ['vars', data],
    ]);
  }
  if (data.has('hosts')) {
    const list = data.get('hosts')!;
    if (!Array.isArray(list)) {
      throw new SourceError(`You defined a group '${group}' with bad data for the host list: ${toRepr(data)}`);
    }
    for (const item of list) hosts.add(inventory.addHost(textOf(item) ?? item, group).name);
  }
  if (data.has('vars')) {
    const vars = data.get('vars')!;
    if (!(vars instanceof Map)) {
      throw new SourceError(`You defined a group '${group}' with bad data for variables: ${toRepr(data)}`);
    }
    for (const [key, value] of vars) inventory.setGroupVariable(group, key, value);
  }
  const children = data.get('children');
  if (Array.isArray(children)) {
    for (const child of children) inventory.addChildGroup(group, inventory.addGroup(child));
  }
};

const setHostVariables = async (
  source: string,
  hosts: ReadonlySet<string>,
  meta: Value | undefined,
  context: SourceContext,
): Promise<void> => {
  const { inventory } = context;
  const set = (name: string, vars: Value): void => {
    if (!(vars instanceof Map)) {
      throw new SourceError(`Improperly formatted host information for ${name}: ${typeName(vars)} instead of a dict`);
    }
    const host = inventory.addHost(name);
    for (const [key, value] of vars) inventory.setHostVariable(host, key, value);
  };
  if (meta !== undefined) {
    if (!(meta instanceof Map)) throw new SourceError(`the hostvars in _meta of ${source} are no dict`);
    const known: Dict = meta;
    for (const name of hosts) if (known.has(name)) set(name, known.get(name)!);
    return;
  }
  const waiting = [...hosts];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      set(name, await call(source, ['--host', name], context, false));
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelCalls, waiting.length) }, work));
};

// Runs the script and reads what it prints; nothing printed for a host means no variables.
const call = async (
  source: string,
  args: readonly string[],
  { warn, vault }: SourceContext,
  showsErrors: boolean,
): Promise<Value> => {
  const { code, stdout, stderr } = await run(source, args);
  if (code !== 0) {
    throw new SourceError({
      message: `Inventory script (${source}) had an execution error: ${stderr.trim() || `exit code ${code}`}`,
      hint: `run it by hand: ${source} ${args.join(' ')}`,
    });
  }
  if (stderr.trim() !== '' && showsErrors) warn(`${source}: ${stderr.trimEnd()}`);
  if (args[0] === '--host' && stdout.trim() === '') return new Map();
  const origin: Origin = { file: source, line: 1, column: 1 };
  try {
    const decrypt = (ciphertext: string): string => {
      if (!vault) throw new SourceError(`${source} gives an encrypted value, but no vault password was given`);
      return vault.decryptText(ciphertext, origin);
    };
    return readMarks(parseJson(stdout), decrypt, origin);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SourceError({
      message: `failed to parse executable inventory script results from ${source}: ${error.message}`,
      expected: 'JSON on stdout, as ansible-inventory --list prints it',
      hint: stderr.trim() === '' ? undefined : `on stderr it said: ${stderr.trim()}`,
    });
  }
};

const run = (
  source: string,
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(source, args, { stdio: ['inherit', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error) => {
      reject(
        new SourceError({
          message: `problem running ${source} ${args.join(' ')} (${error.message})`,
          hint: 'an inventory script must be executable, and the program in its first line must exist',
        }),
      );
    });
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') });
    });
  });

// Text becomes templates, but for `{"__ansible_unsafe": …}`; `{"__ansible_vault": …}` is an encrypted value. Both are what
// ansible-inventory prints.
const readMarks = (value: Value, decrypt: (ciphertext: string) => string, origin: Origin): Value => {
  if (typeof value === 'string') return Template.of(value, origin);
  if (Array.isArray(value)) return value.map((item) => readMarks(item, decrypt, origin));
  if (!(value instanceof Map)) return value;
  const vault = value.get('__ansible_vault');
  if (typeof vault === 'string') return new VaultText(vault, decrypt, origin);
  const unsafe = value.get('__ansible_unsafe');
  if (typeof unsafe === 'string') return unsafe;
  return new Map([...value].map(([key, item]) => [key, readMarks(item, decrypt, origin)]));
};

const beginsWithShebang = (path: string): boolean => {
  const descriptor = openSync(path, 'r');
  try {
    const start = Buffer.alloc(2);
    return readSync(descriptor, start, 0, 2, 0) === 2 && start.toString('latin1') === '#!';
  } finally {
    closeSync(descriptor);
  }
};
