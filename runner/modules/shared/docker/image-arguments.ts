import type { ArgumentsOf } from '../../arguments.ts';
import { dockerArguments } from './arguments.ts';

/** The arguments of docker_image. */
export const imageArguments = {
  ...dockerArguments,
  name: { type: 'str', required: true, doc: 'The image: its name, with or without a tag, or its id.' },
  tag: { type: 'str', default: 'latest', doc: 'The tag, where name has none.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether it is there.' },
  source: {
    type: 'str',
    choices: ['build', 'load', 'pull', 'local'],
    doc: 'Where it comes from when it is not there: from a Dockerfile, an archive, a registry, or nowhere.',
  },
  build: {
    type: 'dict',
    doc: 'How it is built. The docker command of the target does that.',
    options: {
      path: { type: 'path', required: true, doc: 'The folder on the target with all that is needed.' },
      dockerfile: { type: 'str', doc: 'The Dockerfile, seen from there.' },
      args: { type: 'dict', doc: 'Values for ARG.' },
      cache_from: { type: 'list', elements: 'str', doc: 'Images to take layers from.' },
      container_limits: {
        type: 'dict',
        doc: 'Limits for what runs while it is built.',
        options: {
          memory: { type: 'int', doc: 'Memory, in bytes.' },
          memswap: { type: 'int', doc: 'Memory and swap together; -1 for no limit.' },
          cpushares: { type: 'int', doc: 'Weight for processors.' },
          cpusetcpus: { type: 'str', doc: 'Which processors.' },
        },
      },
      etc_hosts: { type: 'dict', doc: 'Entries for /etc/hosts: addresses by name.' },
      http_timeout: { type: 'int', doc: 'Accepted and of no effect.' },
      network: { type: 'str', doc: 'The network for RUN.' },
      nocache: { type: 'bool', default: false, doc: 'Take nothing from the cache.' },
      platform: { type: 'str', doc: 'The platform, as os/arch/variant.' },
      pull: { type: 'bool', default: false, doc: 'Pull newer images of FROM.' },
      rm: { type: 'bool', default: true, doc: 'Remove containers of steps in between.' },
      target: { type: 'str', doc: 'The stage to build.' },
      use_config_proxy: { type: 'bool', doc: 'Accepted: the docker command takes the proxies of its configuration.' },
    },
  },
  pull: {
    type: 'dict',
    doc: 'How it is pulled.',
    options: { platform: { type: 'str', doc: 'The platform, as os/arch/variant.' } },
  },
  load_path: { type: 'path', doc: 'The archive on the target that it is loaded from.' },
  archive_path: { type: 'path', doc: 'An archive on the target that it is written to.' },
  repository: { type: 'str', doc: 'A further name, with or without a tag, that it gets.' },
  push: { type: 'bool', default: false, doc: 'Push it to the registry of its name, or of repository.' },
  force_source: { type: 'bool', default: false, doc: 'Build, load or pull it even when it is there.' },
  force_absent: { type: 'bool', default: false, doc: 'Remove it even when it is used.' },
  force_tag: { type: 'bool', default: false, doc: 'Give it the further name even when another image has that.' },
} as const;

export type ImageArguments = ArgumentsOf<typeof imageArguments>;
