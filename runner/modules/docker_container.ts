import { defineAction } from './define.ts';
import { dockerRules } from './shared/docker/arguments.ts';
import { containerArguments } from './shared/docker/container/arguments.ts';
import { manageContainer } from './shared/docker/container/manage.ts';
import { withEngine } from './shared/docker/engine.ts';

export default defineAction({
  name: 'community.docker.docker_container',
  summary: 'Makes, changes, starts, stops and removes containers of Docker. Needs nothing but docker on the target.',
  args: containerArguments,
  ...dockerRules,
  requiredIf: [['state', 'present', ['image']]],
  requiredBy: { log_options: ['log_driver'], restart_retries: ['restart_policy'] },
  returns: {
    container: 'The container, as docker inspect tells it; with detach off, its output in Output.',
    status: 'With detach off, the exit code of what ran in it.',
    actions: 'What would be done, under --check.',
  },
  notes: [
    'It speaks with the Docker Engine API over the connection of the task; Python and its libraries are not needed on the target',
    'Changes of limits are predicted under --check, where Ansible shows none',
  ],
  supports: { check: 'full', diff: true },
  run: (args, context) => withEngine(args, context, (engine) => manageContainer(args, engine, context)),
});
