import { defineAction, type ResultObject } from './define.ts';
import { dockerRules } from './shared/docker/arguments.ts';
import { Differences } from './shared/docker/compare.ts';
import { type Engine, type JsonObject, part, purpose, withEngine } from './shared/docker/engine.ts';
import {
  compareNetwork,
  connectedNames,
  createBody,
  type NetworkArguments,
  networkArguments,
  readNetwork,
} from './shared/docker/network.ts';

export default defineAction({
  name: 'community.docker.docker_network',
  summary: 'Makes, changes and removes networks of Docker, and says which containers are in them.',
  args: networkArguments,
  ...dockerRules,
  returns: {
    network: 'The network, as docker inspect tells it.',
    actions: 'What was removed, or what would be done, under --check.',
  },
  supports: { check: 'full', diff: true },

  run: (args, context) =>
    withEngine(args, context, async (engine): Promise<ResultObject> => {
      const wanted = readNetwork(args);
      const actions: string[] = [];
      const differences = new Differences();
      const find = (): Promise<JsonObject | null> =>
        purpose('Error inspecting network', engine.find(`/networks/${part(args.name)}`));
      const disconnect = async (name: string): Promise<void> => {
        actions.push(`Disconnected container ${name}`);
        differences.add(`connected.${name}`, false, true);
        if (!context.check) await move(engine, args, 'disconnect', name);
      };
      let network = await find();
      const before = network;
      const given = args.connected.length > 0 ? args.connected : connectedNames(network);
      const found = network ? compareNetwork(network, wanted, args) : new Differences();
      differences.add('exists', args.state === 'present', network !== null);
      if (network && (args.state === 'absent' || args.force || !found.isEmpty)) {
        for (const name of connectedNames(network)) await disconnect(name);
        actions.push(`Removed network ${args.name}`);
        if (!context.check) {
          await purpose(`Error removing network ${args.name}`, engine.delete(`/networks/${part(args.name)}`));
        }
        network = null;
      }
      if (args.state === 'present') {
        if (!network) {
          actions.push(`Created network ${args.name} with driver ${args.driver}`);
          if (!context.check) {
            const body = createBody(wanted, args);
            const made = await purpose(
              `Error creating network ${args.name}`,
              engine.post('/networks/create', { body }),
            );
            const { Warning: warning } = made as JsonObject;
            if (warning) context.warn(`Docker warning: ${String(warning)}`);
            network = await find();
          }
        }
        const present = connectedNames(network);
        for (const name of given.filter((container) => !present.includes(container))) {
          actions.push(`Connected container ${name}`);
          differences.add(`connected.${name}`, true, false);
          if (!context.check) await move(engine, args, 'connect', name);
        }
        if (!args.appends) {
          for (const name of present.filter((container) => !given.includes(container))) await disconnect(name);
        }
        differences.merge(found);
      }
      return {
        changed: actions.length > 0,
        ...((context.check || args.debug || args.state === 'absent') && { actions }),
        ...(context.wantsDiff && { diff: { before: differences.before, after: differences.after } }),
        ...(args.state === 'present' && {
          network: context.check ? before : actions.length > 0 ? await find() : network,
        }),
      };
    }),
});

/** Puts a container into the network, or takes it out. */
const move = async (
  engine: Engine,
  { name }: Pick<NetworkArguments, 'name'>,
  verb: 'connect' | 'disconnect',
  container: string,
): Promise<void> => {
  await purpose(
    `Error while container ${container} was to ${verb} ${verb === 'connect' ? 'to' : 'from'} network ${name}`,
    engine.post(`/networks/${part(name)}/${verb}`, { body: { Container: container } }),
  );
};
