import { settings } from '../setting.ts';

const cowNames =
  'bud-frogs bunny cheese daemon default dragon elephant-in-snake elephant eyes hellokitty kitty luke-koala meow milk moofasa ' +
  'moose ren sheep small stegosaurus stimpy supermilker three-eyes turkey turtle tux udder vader-koala vader www';

/**
 * Settings of things that muster does not have (network devices, Galaxy, Windows, Python's interpreter on hosts, cows).
 * They are accepted, so that a configuration file can be shared with Ansible.
 */
export const withoutEffectSettings = settings({
  noCows: {
    name: 'ANSIBLE_NOCOWS',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_NOCOWS'],
    ini: ['defaults.nocows'],
    doc: 'There are no cows.',
  },
  cowSelection: {
    name: 'ANSIBLE_COW_SELECTION',
    type: 'str',
    default: 'default',
    env: ['ANSIBLE_COW_SELECTION'],
    ini: ['defaults.cow_selection'],
    doc: 'There are no cows.',
  },
  cowPath: {
    name: 'ANSIBLE_COW_PATH',
    type: 'str',
    default: null,
    env: ['ANSIBLE_COW_PATH'],
    ini: ['defaults.cowpath'],
    doc: 'There are no cows.',
  },
  cowAcceptlist: {
    name: 'ANSIBLE_COW_ACCEPTLIST',
    type: 'list',
    default: cowNames.split(' '),
    env: ['ANSIBLE_COW_WHITELIST', 'ANSIBLE_COW_ACCEPTLIST'],
    ini: ['defaults.cow_whitelist', 'defaults.cowsay_enabled_stencils'],
    doc: 'There are no cows.',
  },
  internalPollInterval: {
    name: 'DEFAULT_INTERNAL_POLL_INTERVAL',
    type: 'float',
    default: 0.001,
    ini: ['defaults.internal_poll_interval'],
    doc: 'Nothing polls.',
  },
  keepRemoteFiles: {
    name: 'DEFAULT_KEEP_REMOTE_FILES',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_KEEP_REMOTE_FILES'],
    ini: ['defaults.keep_remote_files'],
    doc: 'Keep module files on hosts.',
    unsupported: 'muster leaves no module files on hosts; -vvvv shows what ran there',
  },
  moduleCompression: {
    name: 'DEFAULT_MODULE_COMPRESSION',
    type: 'str',
    default: 'ZIP_DEFLATED',
    ini: ['defaults.module_compression'],
    doc: 'No modules are copied to hosts.',
  },
  noTargetSyslog: {
    name: 'DEFAULT_NO_TARGET_SYSLOG',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_NO_TARGET_SYSLOG'],
    ini: ['defaults.no_target_syslog'],
    doc: "Nothing is written to a host's syslog.",
  },
  syslogFacility: {
    name: 'DEFAULT_SYSLOG_FACILITY',
    type: 'str',
    default: 'LOG_USER',
    env: ['ANSIBLE_SYSLOG_FACILITY'],
    ini: ['defaults.syslog_facility'],
    doc: "Nothing is written to a host's syslog.",
  },
  pythonModuleRlimitNofile: {
    name: 'PYTHON_MODULE_RLIMIT_NOFILE',
    type: 'int',
    default: 0,
    env: ['ANSIBLE_PYTHON_MODULE_RLIMIT_NOFILE'],
    ini: ['defaults.python_module_rlimit_nofile'],
    doc: 'No Python runs on hosts.',
  },
  selinuxSpecialFilesystems: {
    name: 'DEFAULT_SELINUX_SPECIAL_FS',
    type: 'list',
    default: ['fuse', 'nfs', 'vboxsf', 'ramfs', '9p', 'vfat'],
    env: ['ANSIBLE_SELINUX_SPECIAL_FS'],
    ini: ['selinux.special_context_filesystems'],
    doc: 'File systems whose files all have one SELinux context.',
  },
  libvirtLxcNoseclabel: {
    name: 'DEFAULT_LIBVIRT_LXC_NOSECLABEL',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_LIBVIRT_LXC_NOSECLABEL'],
    ini: ['selinux.libvirt_lxc_noseclabel'],
    doc: 'There is no libvirt_lxc connection.',
  },
  devel: {
    name: 'DEVEL_WARNING',
    type: 'bool',
    default: true,
    env: ['ANSIBLE_DEVEL_WARNING'],
    ini: ['defaults.devel_warning'],
    doc: 'There is no such warning.',
  },
  oldPluginCacheClear: {
    name: 'OLD_PLUGIN_CACHE_CLEARING',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_OLD_PLUGIN_CACHE_CLEAR'],
    ini: ['defaults.old_plugin_cache_clear'],
    doc: 'There is no such cache.',
  },
  networkGroupModules: {
    name: 'NETWORK_GROUP_MODULES',
    type: 'list',
    default: [],
    env: ['ANSIBLE_NETWORK_GROUP_MODULES'],
    ini: ['defaults.network_group_modules'],
    doc: 'There are no network devices.',
  },
  usePersistentConnections: {
    name: 'USE_PERSISTENT_CONNECTIONS',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_USE_PERSISTENT_CONNECTIONS'],
    ini: ['defaults.use_persistent_connections'],
    doc: 'There are no network devices.',
  },
  validateActionGroupMetadata: {
    name: 'VALIDATE_ACTION_GROUP_METADATA',
    type: 'bool',
    default: true,
    env: ['ANSIBLE_VALIDATE_ACTION_GROUP_METADATA'],
    ini: ['defaults.validate_action_group_metadata'],
    doc: 'Action groups are taken as they are.',
  },
  docsiteRootUrl: {
    name: 'DOCSITE_ROOT_URL',
    type: 'str',
    default: 'https://docs.ansible.com/ansible-core/',
    ini: ['defaults.docsite_root_url'],
    doc: 'Nothing links there.',
  },
  winAsyncStartupTimeout: {
    name: 'WIN_ASYNC_STARTUP_TIMEOUT',
    type: 'int',
    default: 5,
    env: ['ANSIBLE_WIN_ASYNC_STARTUP_TIMEOUT'],
    ini: ['defaults.win_async_startup_timeout'],
    doc: 'Hosts run no Windows.',
  },
  defaultSu: {
    name: 'DEFAULT_SU',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_SU'],
    ini: ['defaults.su'],
    doc: 'Long gone from Ansible itself.',
    unsupported: 'use become: true and become_method: su',
  },
});

/** Sections that belong to other programs or to things that muster does not have; nothing in them is worth a warning. */
export const foreignSections: readonly RegExp[] = [
  /^galaxy($|_)/,
  /^galaxy_server\./,
  /^(persistent|netconf|httpapi|paramiko|winrm|psrp)_connection$/,
  /^(callback|inventory_plugin|vars|lookup|cache|become|connection|shell|strategy)_/,
  /^\w+_become_plugin$/,
  /^(winrm|accelerate|selinux|jinja2|defaults_windows|molecule|sudo|su|doas|runas)$/,
];

/** Environment variables that begin with ANSIBLE_ and are read by other parts, or by nothing here. */
export const otherVariables: readonly RegExp[] = [
  /^ANSIBLE_CONFIG$/,
  /^ANSIBLE_(GALAXY|PARAMIKO|PERSISTENT|NETCONF|WINRM|PSRP|HTTPAPI|CLICONF|TERMINAL|DOCKER|CONNECTION_PATH|TEST|LXC)/,
  /^ANSIBLE_(VERSION|LINT|MOLECULE|WORKER|COVERAGE|DEBUG|RUNNER|NAVIGATOR)/,
];
