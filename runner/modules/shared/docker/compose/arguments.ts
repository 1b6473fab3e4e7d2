import type { ArgumentsOf } from '../../../arguments.ts';
import { dockerArguments } from '../arguments.ts';

const { timeout: _timeout, ...engineArguments } = dockerArguments;

/** The arguments of docker_compose_v2. */
export const composeArguments = {
  ...engineArguments,
  cli_context: { type: 'str', doc: 'The context of the docker command.' },
  docker_cli: { type: 'path', doc: 'The docker command; the one on the PATH when not given.' },
  project_src: { type: 'path', doc: 'The folder of the project on the target.' },
  project_name: { type: 'str', doc: 'The name of the project.' },
  files: { type: 'list', elements: 'path', doc: 'The Compose files, seen from the folder.' },
  definition: { type: 'dict', doc: 'The project itself, in place of a folder with a Compose file.' },
  env_files: { type: 'list', elements: 'path', doc: 'Files with variables.' },
  profiles: { type: 'list', elements: 'str', doc: 'The profiles to enable.' },
  check_files_existing: { type: 'bool', default: true, doc: 'Fail when the folder has no Compose file.' },
  state: {
    type: 'str',
    default: 'present',
    choices: ['absent', 'present', 'stopped', 'restarted'],
    doc: 'present is up, absent down; stopped and restarted are what they say.',
  },
  pull: {
    type: 'str',
    choices: ['always', 'missing', 'never', 'policy'],
    default: 'policy',
    doc: 'When images are pulled; policy leaves that to the Compose file.',
  },
  build: {
    type: 'str',
    choices: ['always', 'never', 'policy'],
    default: 'policy',
    doc: 'When images are built; policy leaves that to the Compose file.',
  },
  dependencies: { type: 'bool', default: true, doc: 'Take in services that the named ones depend on.' },
  ignore_build_events: {
    type: 'bool',
    default: true,
    doc: 'That an image was built is no change, as long as no container is made anew for it.',
  },
  recreate: {
    type: 'str',
    default: 'auto',
    choices: ['always', 'never', 'auto'],
    doc: 'When containers are made anew; auto when their configuration differs.',
  },
  renew_anon_volumes: { type: 'bool', default: false, doc: 'Make anonymous volumes anew.' },
  remove_images: { type: 'str', choices: ['all', 'local'], doc: 'With absent, which images go too.' },
  remove_volumes: { type: 'bool', default: false, doc: 'With absent, remove volumes too.' },
  remove_orphans: { type: 'bool', default: false, doc: 'Remove containers of services that the files do not name.' },
  timeout: { type: 'int', doc: 'Seconds until containers that do not stop are killed.' },
  services: { type: 'list', elements: 'str', doc: 'The services that are meant; all when not given.' },
  scale: { type: 'dict', doc: 'How many containers a service has, by its name.' },
  wait: { type: 'bool', default: false, doc: 'Wait until services run or are healthy.' },
  assume_yes: {
    type: 'bool',
    default: false,
    doc: 'Answer yes to what docker compose asks, such as whether a volume that does not fit is made anew.',
  },
  wait_timeout: { type: 'int', doc: 'Seconds to wait at most.' },
} as const;

export type ComposeArguments = ArgumentsOf<typeof composeArguments>;
