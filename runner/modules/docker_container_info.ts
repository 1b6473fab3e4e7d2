import { defineAction } from './define.ts';
import { dockerArguments, dockerRules } from './shared/docker/arguments.ts';
import { findContainer } from './shared/docker/container/lifecycle.ts';
import { withEngine } from './shared/docker/engine.ts';

export default defineAction({
  name: 'community.docker.docker_container_info',
  summary: 'Tells about a container of Docker.',
  args: {
    ...dockerArguments,
    name: { type: 'str', required: true, doc: 'The container: its name or id.' },
  },
  ...dockerRules,
  returns: { exists: 'Whether there is one.', container: 'The container, as docker inspect tells it.' },
  supports: { check: 'full', diff: false },
  run: (args, context) =>
    withEngine(args, context, async (engine) => {
      const container = await findContainer(engine, args.name);
      return { changed: false, exists: container !== null, container };
    }),
});
