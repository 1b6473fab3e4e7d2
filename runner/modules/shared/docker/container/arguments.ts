import { dockerArguments } from '../arguments.ts';
import { configArguments } from './arguments-config.ts';
import { resourceArguments } from './arguments-resources.ts';

/** The arguments of docker_container. */
export const containerArguments = {
  ...dockerArguments,
  name: { type: 'str', required: true, doc: 'The container: its name or id.' },
  state: {
    type: 'str',
    default: 'started',
    choices: ['absent', 'present', 'started', 'stopped'],
    doc: 'present: it is there, with this configuration; started and stopped: and runs, or does not.',
  },
  image: { type: 'str', doc: 'The image, with its tag.' },
  pull: { type: 'bool', default: false, doc: 'Always pull the image; otherwise only one that is not there.' },
  recreate: { type: 'bool', default: false, doc: 'Always make the container anew.' },
  restart: { type: 'bool', default: false, doc: 'Restart it when it runs already and nothing differs.' },
  paused: { type: 'bool', doc: 'Whether the started container is paused.' },
  detach: { type: 'bool', doc: 'Let it run by itself; otherwise the task waits for its end and tells its output.' },
  cleanup: { type: 'bool', default: false, doc: 'With detach off, remove it when it has ended.' },
  output_logs: { type: 'bool', default: false, doc: 'Show its output; with detach off it is in the result anyway.' },
  force_kill: { type: 'bool', default: false, aliases: ['forcekill'], doc: 'Kill it rather than stop it.' },
  kill_signal: { type: 'str', doc: 'The signal that kills it.' },
  keep_volumes: { type: 'bool', default: true, doc: 'Keep its anonymous volumes when it is removed.' },
  removal_wait_timeout: {
    type: 'float',
    doc: 'Seconds to wait until a removed container is gone; forever when not given.',
  },
  comparisons: {
    type: 'dict',
    doc: 'How arguments are compared with a container that is there, by name or * for all: strict, ignore, allow_more_present.',
  },
  image_comparison: {
    type: 'str',
    choices: ['desired-image', 'current-image'],
    default: 'desired-image',
    doc: "The image whose labels, volumes and so on count as the container's own.",
  },
  image_label_mismatch: {
    type: 'str',
    choices: ['ignore', 'fail'],
    default: 'ignore',
    doc: 'What to do about labels of the image that are not among labels when these are compared strictly.',
  },
  image_name_mismatch: {
    type: 'str',
    choices: ['ignore', 'recreate'],
    default: 'ignore',
    doc: 'What to do when the image is the same and was named otherwise.',
  },
  ignore_image: { type: 'bool', default: false, doc: 'As image: ignore in comparisons.' },
  container_default_behavior: {
    type: 'str',
    default: 'no_defaults',
    choices: ['compatibility', 'no_defaults'],
    doc: 'compatibility gives some arguments the defaults that old versions of the module had.',
  },
  command_handling: {
    type: 'str',
    choices: ['compatibility', 'correct'],
    default: 'correct',
    doc: 'compatibility takes lists for command and entrypoint apart at blanks, as old versions did.',
  },
  networks: {
    type: 'list',
    elements: 'dict',
    doc: 'The networks that it is in; others stay unless comparisons say strict.',
    options: {
      name: { type: 'str', required: true, doc: 'The network.' },
      ipv4_address: { type: 'str', doc: 'Its IPv4 address there.' },
      ipv6_address: { type: 'str', doc: 'Its IPv6 address there.' },
      aliases: { type: 'list', elements: 'str', doc: 'Its names there.' },
      links: { type: 'list', elements: 'str', doc: 'Containers that it is linked with there, as name:alias.' },
    },
  },
  networks_cli_compatible: {
    type: 'bool',
    default: true,
    doc: 'The first of networks takes the place of the default network, as on the command line.',
  },
  purge_networks: { type: 'bool', default: false, doc: 'As networks: strict in comparisons.' },
  default_host_ip: {
    type: 'str',
    doc: 'The address that ports are published on which name none; 0.0.0.0 when not given.',
  },
  ...configArguments,
  ...resourceArguments,
} as const;
