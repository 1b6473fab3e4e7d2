import type { ArgumentSpec, ArgumentsOf } from '../../../arguments.ts';
import { fileArguments } from '../../files/common-arguments.ts';

const text = <const D extends string>(doc: D): { readonly type: 'str'; readonly doc: D } => ({ type: 'str', doc });
const flag = <const D extends string>(doc: D): { readonly type: 'bool'; readonly doc: D } => ({ type: 'bool', doc });

/** The options that a repository's section can have, by the names of arguments. */
export const repositoryOptions = {
  async: flag('Fetch in the background.'),
  bandwidth: text('The most to use, in bytes per second.'),
  baseurl: { type: 'list', elements: 'str', doc: 'Where the repository is.' },
  cost: text('How dear it is to use, against others.'),
  deltarpm_metadata_percentage: text('How large metadata of deltas may be.'),
  deltarpm_percentage: text('How large deltas may be.'),
  enabled: flag('Whether it is used.'),
  enablegroups: flag('Whether its groups are used.'),
  exclude: { type: 'list', elements: 'str', doc: 'Packages to leave out.' },
  failovermethod: { type: 'str', choices: ['roundrobin', 'priority'], doc: 'In which order URLs are tried.' },
  gpgcakey: text('The URL of a CA key.'),
  gpgcheck: flag('Check the signatures of packages.'),
  gpgkey: { type: 'list', elements: 'str', doc: 'Where the keys are.' },
  module_hotfixes: flag('Offer packages of modules that are not enabled.'),
  http_caching: { type: 'str', choices: ['all', 'packages', 'none'], doc: 'What proxies may keep.' },
  include: text('A further configuration file.'),
  includepkgs: { type: 'list', elements: 'str', doc: 'Packages to use, and no others.' },
  ip_resolve: { type: 'str', choices: ['4', '6', 'IPv4', 'IPv6', 'whatever'], doc: 'The kind of addresses to use.' },
  keepalive: flag('Keep connections open.'),
  keepcache: { type: 'str', choices: ['0', '1'], doc: 'Keep packages that were fetched.' },
  metadata_expire: text('How long metadata is good.'),
  metadata_expire_filter: {
    type: 'str',
    choices: ['never', 'read-only:past', 'read-only:present', 'read-only:future'],
    doc: 'When expired metadata is used.',
  },
  metalink: text('The URL of a metalink.'),
  mirrorlist: text('The URL of a list of mirrors.'),
  mirrorlist_expire: text('How long that list is good.'),
  password: { type: 'str', secret: true, doc: 'The password for the repository.' },
  priority: text('Which repository counts first.'),
  protect: flag('Let no other repository replace its packages.'),
  proxy: text('The proxy to use.'),
  proxy_password: { type: 'str', secret: true, doc: 'The password for the proxy.' },
  proxy_username: text('The user for the proxy.'),
  repo_gpgcheck: flag('Check the signature of its metadata.'),
  retries: text('How often to try.'),
  s3_enabled: flag('Sign requests for S3.'),
  skip_if_unavailable: flag('Go on when it cannot be reached.'),
  sslcacert: { type: 'str', aliases: ['ca_cert'], doc: 'CA certificates.' },
  ssl_check_cert_permissions: flag('Check the permissions of certificates.'),
  sslclientcert: { type: 'str', aliases: ['client_cert'], doc: 'The certificate to show.' },
  sslclientkey: { type: 'str', aliases: ['client_key'], doc: 'Its key.' },
  sslverify: { type: 'bool', aliases: ['validate_certs'], doc: 'Check certificates.' },
  throttle: text('The share of the bandwidth to use.'),
  timeout: text('Seconds to wait for a connection.'),
  ui_repoid_vars: text('Variables that are shown in its name.'),
  username: text('The user for the repository.'),
} as const satisfies Record<string, ArgumentSpec>;

/** The arguments of yum_repository. */
export const repositoryArguments = {
  name: { type: 'str', required: true, doc: 'The id of the repository.' },
  description: { type: 'str', doc: 'What it is called; needed for present.' },
  file: { type: 'str', doc: 'The name of the file, without .repo; the id when not given.' },
  reposdir: { type: 'path', default: '/etc/yum.repos.d', doc: 'The folder of such files.' },
  state: { type: 'str', choices: ['present', 'absent'], default: 'present', doc: 'Whether it is there.' },
  params: { type: 'dict', doc: 'Further options.', unsupported: 'Ansible removed it: each option is an argument' },
  ...repositoryOptions,
  ...fileArguments,
} as const;

export type RepositoryArguments = ArgumentsOf<typeof repositoryArguments>;
