import type { ArgumentsOf } from '../../arguments.ts';

const ofClient = 'Accepted and of no effect: muster reaches the engine over the connection of the task.';

/** The arguments that all modules have which speak with a Docker Engine. */
export const dockerArguments = {
  docker_host: {
    type: 'str',
    aliases: ['docker_url'],
    doc: 'Where the engine listens, as seen from the target: unix:///path or tcp://host:port. $DOCKER_HOST there when not given, then unix:///var/run/docker.sock.',
  },
  tls_hostname: { type: 'str', doc: 'The name that the certificate of the engine must have.' },
  api_version: {
    type: 'str',
    default: 'auto',
    aliases: ['docker_api_version'],
    doc: 'The version of the API; that of the engine when not given.',
  },
  timeout: { type: 'int', default: 60, doc: 'Seconds to wait for a reply.' },
  ca_cert: { type: 'path', aliases: ['tls_ca_cert', 'cacert_path'], doc: 'CA certificates on the target, in PEM.' },
  client_cert: {
    type: 'path',
    aliases: ['tls_client_cert', 'cert_path'],
    doc: 'The certificate to show, on the target.',
  },
  client_key: {
    type: 'path',
    aliases: ['tls_client_key', 'key_path'],
    doc: 'The key of that certificate, on the target.',
  },
  ssl_version: { type: 'str', doc: ofClient },
  tls: { type: 'bool', default: false, doc: "Use TLS without a look at the engine's certificate." },
  use_ssh_client: { type: 'bool', default: false, doc: ofClient },
  validate_certs: {
    type: 'bool',
    default: false,
    aliases: ['tls_verify'],
    doc: "Use TLS and check the engine's certificate.",
  },
  debug: { type: 'bool', default: false, doc: 'Return what was done, step by step.' },
} as const;

export type DockerArguments = ArgumentsOf<typeof dockerArguments>;

/** client_cert and client_key go together. */
export const dockerRules = { requiredTogether: [['client_cert', 'client_key']] } as const;
