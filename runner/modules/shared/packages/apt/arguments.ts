import type { ArgumentSpecs, ArgumentsOf } from '../../../arguments.ts';

export const aptArguments = {
  name: {
    type: 'list',
    elements: 'str',
    doc: 'Packages: names, `name=version`, `name>=version`; * and ? match in names and versions.',
    aliases: ['package', 'pkg'],
  },
  state: {
    type: 'str',
    doc: 'What is wanted; fixed mends broken dependencies, build-dep installs what building needs.',
    choices: ['absent', 'build-dep', 'fixed', 'latest', 'present'],
    default: 'present',
  },
  deb: { type: 'path', doc: 'A .deb file on the host, or a URL of one; several with commas between.' },
  update_cache: { type: 'bool', doc: 'Read the package lists anew first.', aliases: ['update-cache'] },
  cache_valid_time: {
    type: 'int',
    doc: 'Only read the lists anew when they are older than these seconds.',
    default: 0,
  },
  update_cache_retries: { type: 'int', doc: 'How often reading the lists is tried.', default: 5 },
  update_cache_retry_max_delay: { type: 'int', doc: 'The longest wait between these tries, in seconds.', default: 12 },
  upgrade: {
    type: 'str',
    doc: 'Upgrade the whole host: yes or safe removes nothing, full and dist may.',
    choices: ['dist', 'full', 'no', 'safe', 'yes'],
    default: 'no',
  },
  purge: { type: 'bool', doc: 'Remove configuration files as well.', default: false },
  default_release: { type: 'str', doc: 'The release to prefer.', aliases: ['default-release'] },
  install_recommends: {
    type: 'bool',
    doc: 'Whether recommended packages come along.',
    aliases: ['install-recommends'],
  },
  force: { type: 'bool', doc: "apt-get's --force-yes.", default: false },
  dpkg_options: { type: 'str', doc: 'Options for dpkg, commas between.', default: 'force-confdef,force-confold' },
  autoremove: { type: 'bool', doc: 'Remove what was only needed by others and is no more.', default: false },
  autoclean: { type: 'bool', doc: 'Remove downloaded files that are outdated.', default: false },
  clean: { type: 'bool', doc: 'Remove all downloaded files.', default: false },
  fail_on_autoremove: { type: 'bool', doc: 'Fail rather than remove a package.', default: false },
  policy_rc_d: { type: 'int', doc: 'Exit code of /usr/sbin/policy-rc.d meanwhile; 101 starts no service.' },
  only_upgrade: { type: 'bool', doc: 'Only upgrade what is installed.', default: false },
  force_apt_get: { type: 'bool', doc: 'Use apt-get even where there is aptitude.', default: false },
  allow_unauthenticated: {
    type: 'bool',
    doc: 'Install what is not signed.',
    default: false,
    aliases: ['allow-unauthenticated'],
  },
  allow_downgrade: {
    type: 'bool',
    doc: 'Allow an older version to be installed.',
    default: false,
    aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
  },
  allow_change_held_packages: { type: 'bool', doc: 'Change packages that are on hold.', default: false },
  lock_timeout: { type: 'int', doc: "How long to wait for apt's lock, in seconds.", default: 60 },
} as const satisfies ArgumentSpecs;

export type AptArguments = ArgumentsOf<typeof aptArguments>;
