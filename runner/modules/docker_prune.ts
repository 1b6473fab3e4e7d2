import { defineAction, type ResultObject } from './define.ts';
import { dockerArguments, dockerRules } from './shared/docker/arguments.ts';
import { type JsonObject, purpose, withEngine } from './shared/docker/engine.ts';
import { engineFilters } from './shared/docker/values.ts';

const kinds = [
  ['containers', 'ContainersDeleted'],
  ['images', 'ImagesDeleted'],
  ['networks', 'NetworksDeleted'],
  ['volumes', 'VolumesDeleted'],
] as const;

export default defineAction({
  name: 'community.docker.docker_prune',
  summary: 'Removes what Docker does not use.',
  args: {
    ...dockerArguments,
    containers: { type: 'bool', default: false, doc: 'Remove containers that do not run.' },
    containers_filters: { type: 'dict', doc: 'Which ones, such as until: 24h.' },
    images: { type: 'bool', default: false, doc: 'Remove images that are not used.' },
    images_filters: { type: 'dict', doc: 'Which ones, such as dangling: false.' },
    networks: { type: 'bool', default: false, doc: 'Remove networks that are not used.' },
    networks_filters: { type: 'dict', doc: 'Which ones.' },
    volumes: { type: 'bool', default: false, doc: 'Remove volumes that are not used.' },
    volumes_filters: { type: 'dict', doc: 'Which ones.' },
    builder_cache: { type: 'bool', default: false, doc: "Remove the builder's cache." },
  },
  ...dockerRules,
  returns: {
    containers: 'The containers that were removed.',
    containers_space_reclaimed: 'The bytes that they took.',
    images: 'The images that were removed.',
    images_space_reclaimed: 'The bytes that they took.',
    networks: 'The networks that were removed.',
    volumes: 'The volumes that were removed.',
    volumes_space_reclaimed: 'The bytes that they took.',
    builder_cache_space_reclaimed: 'The bytes that the cache took.',
  },
  supports: { check: 'none', diff: false },

  run: (args, context) =>
    withEngine(args, context, async (engine) => {
      const result: Record<string, ResultObject[string]> = {};
      let changed = false;
      for (const [kind, key] of kinds) {
        if (!args[kind]) continue;
        const query = { filters: engineFilters(args[`${kind}_filters`]) };
        const reply = (await purpose(
          `Error pruning ${kind}`,
          engine.post(`/${kind}/prune`, { query, isSlow: true }),
        )) as JsonObject;
        const gone = Array.isArray(reply[key]) ? reply[key] : [];
        result[kind] = gone;
        if (kind !== 'networks') result[`${kind}_space_reclaimed`] = reply.SpaceReclaimed ?? 0;
        changed ||= gone.length > 0 || Boolean(reply.SpaceReclaimed);
      }
      if (args.builder_cache) {
        const reply = (await purpose(
          "Error pruning the builder's cache",
          engine.post('/build/prune', { isSlow: true }),
        )) as JsonObject;
        result.builder_cache_space_reclaimed = reply.SpaceReclaimed ?? 0;
        changed ||= Boolean(reply.SpaceReclaimed);
      }
      return { ...result, changed };
    }),
});
