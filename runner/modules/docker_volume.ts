import { defineAction, type ResultObject } from './define.ts';
import { dockerArguments, dockerRules } from './shared/docker/arguments.ts';
import { Differences } from './shared/docker/compare.ts';
import { type JsonObject, part, purpose, withEngine } from './shared/docker/engine.ts';
import { engineTexts } from './shared/docker/values.ts';

export default defineAction({
  name: 'community.docker.docker_volume',
  summary: 'Makes and removes volumes of Docker.',
  args: {
    ...dockerArguments,
    volume_name: { type: 'str', required: true, aliases: ['name'], doc: 'The volume.' },
    state: { type: 'str', default: 'present', choices: ['present', 'absent'], doc: 'Whether it is there.' },
    driver: { type: 'str', default: 'local', doc: 'Its driver.' },
    driver_options: { type: 'dict', default: {}, doc: 'Options for the driver.' },
    labels: { type: 'dict', doc: 'Its labels.' },
    recreate: {
      type: 'str',
      default: 'never',
      choices: ['always', 'never', 'options-changed'],
      doc: 'When a volume that is there is made anew, which loses what is in it.',
    },
  },
  ...dockerRules,
  returns: {
    volume: 'The volume, as docker inspect tells it.',
    actions: 'What was removed, or what would be done, under --check.',
  },
  supports: { check: 'full', diff: true },

  run: (args, context) =>
    withEngine(args, context, async (engine): Promise<ResultObject> => {
      const name = args.volume_name;
      const find = (): Promise<JsonObject | null> =>
        purpose('Error inspecting volume', engine.find(`/volumes/${part(name)}`));
      const actions: string[] = [];
      let volume = await find();
      const differences = new Differences();
      differences.add('exists', args.state === 'present', volume !== null);
      const options = engineTexts(args.driver_options);
      const labels = args.labels && engineTexts(args.labels);
      const found = volume ? compare(volume, args.driver, options, labels) : new Differences();
      const isRemoved =
        volume !== null &&
        (args.state === 'absent' ||
          args.recreate === 'always' ||
          (args.recreate === 'options-changed' && !found.isEmpty));
      if (isRemoved) {
        actions.push(`Removed volume ${name}`);
        if (!context.check) await purpose(`Error removing volume ${name}`, engine.delete(`/volumes/${part(name)}`));
        volume = null;
      }
      if (args.state === 'present' && !volume) {
        actions.push(`Created volume ${name} with driver ${args.driver}`);
        const body = { Name: name, Driver: args.driver, DriverOpts: options, ...(labels && { Labels: labels }) };
        if (!context.check) {
          await purpose(`Error creating volume ${name}`, engine.post('/volumes/create', { body }));
          volume = await find();
        }
      }
      differences.merge(found);
      const { before, after } = differences;
      return {
        changed: actions.length > 0,
        ...((context.check || args.debug || args.state === 'absent') && { actions }),
        ...(context.wantsDiff && { diff: { before, after } }),
        ...(args.state === 'present' && { volume }),
      };
    }),
});

/** What of a volume is not as asked; more options and labels than that are fine. */
const compare = (
  volume: JsonObject,
  driver: string,
  options: Record<string, string>,
  labels: Record<string, string> = {},
): Differences => {
  const differences = new Differences();
  if (driver !== volume.Driver) differences.add('driver', driver, volume.Driver);
  for (const [name, wanted, actual] of [
    ['driver_options', options, volume.Options],
    ['labels', labels, volume.Labels],
  ] as const) {
    for (const [key, value] of Object.entries(wanted)) {
      const current = ((actual ?? {}) as JsonObject)[key];
      if (current !== value) differences.add(`${name}.${key}`, value, current);
    }
  }
  return differences;
};
