import type { BaseAgent, ParsedKey } from 'ssh2';
import { loadSsh2 } from './load.ts';

/** An agent's keys that are offered to a host, in that order. */
export interface AgentKeys {
  readonly agent: BaseAgent;
  readonly keys: readonly ParsedKey[];
}

/**
 * The keys of the agent behind a socket: first those of which `identities` holds the public half, then, unless `only`
 * those are wanted, the others. Undefined when there is no agent, or nothing in it.
 */
export const agentKeys = async (
  socket: string,
  identities: readonly Buffer[],
  only: boolean,
): Promise<AgentKeys | undefined> => {
  const { createAgent, BaseAgent } = await loadSsh2();
  const agent = createAgent(socket);
  const all = await new Promise<ParsedKey[]>((resolve) => {
    agent.getIdentities((error, keys) => resolve(error || !keys ? [] : (keys as ParsedKey[])));
  });
  const isNamed = (key: ParsedKey): boolean => identities.some((identity) => identity.equals(key.getPublicSSH()));
  const keys = [...all.filter(isNamed), ...(only ? [] : all.filter((key) => !isNamed(key)))];
  if (keys.length === 0) return undefined;
  const ordered: BaseAgent = Object.assign(Object.create(BaseAgent.prototype) as BaseAgent, {
    getIdentities: (callback: (error: undefined, keys: ParsedKey[]) => void) => callback(undefined, keys),
    sign: agent.sign.bind(agent),
  });
  return { agent: ordered, keys };
};
