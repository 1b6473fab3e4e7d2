import { defineAction } from './define.ts';
import { composeArguments } from './shared/docker/compose/arguments.ts';
import { runCompose } from './shared/docker/compose/run.ts';

export default defineAction({
  name: 'community.docker.docker_compose_v2',
  summary: 'Starts, stops and removes the services of a Compose project, with docker compose on the target.',
  args: composeArguments,
  mutuallyExclusive: [
    ['definition', 'project_src'],
    ['definition', 'files'],
  ],
  requiredOneOf: [['definition', 'project_src']],
  requiredBy: { definition: ['project_name'] },
  returns: {
    containers: 'The containers of the project, as docker compose ps tells them.',
    images: 'The images of the project, as docker compose images tells them.',
    actions: 'What was done, each with what, id and status.',
    stdout: 'What docker compose said.',
    stderr: 'What docker compose said on its standard error.',
    rc: 'Its exit code, when it failed.',
    cmd: 'The command, when it failed.',
  },
  notes: [
    'It needs the docker command and its compose plugin on the target',
    'Tested with docker compose 2.26; versions from 2.29 on tell their progress in another format, which is tested as text',
  ],
  supports: { check: 'full', diff: false },
  run: runCompose,
});
