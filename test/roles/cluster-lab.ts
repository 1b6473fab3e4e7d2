import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, openLab } from '../lab/lab.ts';
import { type Generation, generations, standInPackage } from '../standin/package.ts';
import { makeDebRepository } from '../support/deb-repository.ts';
import { giveControlGroups, removeControlGroups } from './control-groups.ts';
import { type Pages, realAgent, servePages, serveRealAgent } from './pages.ts';

const root = join(import.meta.dirname, '../..');

export interface Played {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** How many tasks changed something, for each host. */
  readonly changed: Readonly<Record<string, number>>;
}

/** A run that goes on beside the test. */
export interface Running {
  readonly done: Promise<Played>;
  /** Resolves when the run has printed a text; rejects when it ended without. */
  says(text: string): Promise<void>;
  /** Ends it as a crash of this machine would. */
  kill(): Promise<void>;
}

type Play<T> = (playbook: string, variables?: Record<string, unknown>, options?: readonly string[]) => T;

/** Two hosts of one cluster, with a web server beside them that has the agent and whatever else a test serves. */
export interface ClusterLab {
  readonly lab: Lab;
  readonly directory: string;
  readonly inventory: string;
  readonly url: string;
  /** What the web server serves besides the agent. */
  readonly pages: Pages;
  /** Variables of all plays of this lab. */
  readonly variables: Record<string, unknown>;
  /** Plays a playbook, or the text of one, with muster. */
  readonly play: Play<Promise<Played>>;
  /** The same, without waiting for its end. */
  readonly begin: Play<Running>;
  /** The same with ansible-playbook. */
  readonly playAnsible: Play<Promise<Played>>;
  /** Runs a command on a host and returns what it printed; rejects when it failed. */
  on(host: string, command: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens two lab hosts and serves an agent to them. */
export const openClusterLab = async (generation: Generation = 2): Promise<ClusterLab> => {
  const lab = await openLab({ hosts: 2 });
  const directory = await mkdtemp(join(tmpdir(), 'muster-cluster-'));
  const { pages, port, close: closePages } = await servePages();
  const close = async (): Promise<void> => {
    closePages();
    await Promise.all([lab.close(), rm(directory, { recursive: true, force: true })]);
    if (realAgent !== undefined) await removeControlGroups(lab);
  };
  try {
    const gateway = lab.hosts[0]!.address.replace(/\d+$/, '1');
    const url = `http://${gateway}:${port}`;
    await serveAgent(lab, pages, generation);
    const { name, unit } = generations[generation];
    const variables = {
      opensvc_cluster_agent_url: `${url}/agent.deb`,
      opensvc_cluster_agent_package: name,
      opensvc_cluster_unit: unit,
      opensvc_cluster_packages: ['psmisc'],
      // Lab hosts cannot write to the kernel's settings.
      opensvc_cluster_sysrq: false,
      // A busy machine must not look like a dead one.
      opensvc_cluster_heartbeat_timeout: '20s',
    };
    let count = 0;
    const beginWith =
      (program: string, args: readonly string[], env: Record<string, string>): Play<Running> =>
      (playbook, extra = {}, options = []) => {
        const isText = playbook.includes('\n');
        const file = isText ? join(directory, `play-${++count}.yml`) : join(root, playbook);
        if (isText) writeFileSync(file, playbook);
        const vars = JSON.stringify({ ...variables, ...extra });
        const all = [...args, '-i', lab.inventory, '-e', vars, ...options, file];
        return begin(program, all, isText ? { ...env, ANSIBLE_ROLES_PATH: join(root, 'roles') } : env);
      };
    const beginMuster = beginWith(process.execPath, ['--import', 'tsx', join(root, 'runner/cli/main.ts'), 'run'], {});
    const beginAnsible = beginWith('ansible-playbook', [], {
      ANSIBLE_HOME: join(directory, 'ansible'),
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(directory, 'cp'),
      ANSIBLE_PIPELINING: '1',
    });
    return {
      lab,
      directory,
      inventory: lab.inventory,
      url,
      pages,
      variables,
      begin: beginMuster,
      play: (...args) => beginMuster(...args).done,
      playAnsible: (...args) => beginAnsible(...args).done,
      on: async (host, command) => {
        const { code, stdout, stderr } = await lab.exec(host, command);
        if (code !== 0) throw new Error(`${host}: ${command}: ${stderr || stdout}`);
        return stdout;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

// The agent itself comes over http; packages that a real one depends on are installed beforehand.
const serveAgent = async (lab: Lab, pages: ClusterLab['pages'], generation: Generation): Promise<void> => {
  if (realAgent === undefined) {
    const made = await standInPackage(generation);
    const repository = await makeDebRepository([made]);
    pages.set('/agent.deb', await readFile(repository.path(made.name, made.version), 'latin1'));
    await repository.close();
    return;
  }
  const others = await serveRealAgent(pages, realAgent);
  for (const { name: host } of lab.hosts) {
    if (generation === 3) await giveControlGroups(lab, host);
    for (const path of others) await copyTo(lab, host, path, pages.get(path) as string);
    if (others.length > 0) await lab.exec(host, 'dpkg -i /root/debs/*.deb');
  }
};

const copyTo = async (lab: Lab, host: string, path: string, content: string): Promise<void> => {
  const file = join(lab.directory, host, 'root/root/debs', path);
  if (!existsSync(join(file, '..'))) await lab.exec(host, 'mkdir -p /root/debs');
  await writeFile(file, content, 'latin1');
};

const limitMs = 300_000;

/** Starts a run in a process of its own. */
const begin = (program: string, args: readonly string[], env: Record<string, string>): Running => {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ANSIBLE_NOCOLOR: '1', ...env },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  const done = new Promise<Played>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      for (const listener of listeners) listener();
      resolve({ code: code ?? (signal === null ? 1 : 128), ...said, changed: changedIn(said.stdout) });
    });
  });
  return {
    done,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.stdout.includes(text)) resolve();
          else if (child.exitCode !== null) reject(new Error(`ended without '${text}':\n${said.stdout}${said.stderr}`));
        };
        listeners.add(look);
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await done;
    },
  };
};

const changedIn = (text: string): Record<string, number> =>
  Object.fromEntries(
    [...text.matchAll(/^(\S+)\s*:? .*\bchanged=(\d+)/gm)].map(([, host, count]) => [host!, Number(count)]),
  );
