import { type Dict, toText, type Value } from '../../../../values/index.ts';
import { dictJson, engineTexts, toBytes } from '../values.ts';
import { type ContainerArguments, type OptionGroup, simple } from './option.ts';

type Name = keyof ContainerArguments & string;

const bytes = (name: Name, key: string, isUpdatable = false): OptionGroup =>
  simple(name, 'HostConfig', key, 'value', { isUpdatable, read: (args) => toBytes(args[name] as string, name) });

const texts = (name: Name, section: 'Config' | 'HostConfig', key: string): OptionGroup =>
  simple(name, section, key, 'dict', { read: (args) => engineTexts(args[name] as Dict) });

const limit = (name: Name, key: string): OptionGroup => simple(name, 'HostConfig', key, 'value', { isUpdatable: true });

const rates = (name: 'device_read_bps' | 'device_write_bps' | 'device_read_iops' | 'device_write_iops', key: string) =>
  simple(name, 'HostConfig', key, 'set(dict)', {
    read: (args) =>
      args[name]!.map(({ path, rate }) => ({
        Path: path,
        Rate: typeof rate === 'string' ? toBytes(rate, name) : rate,
      })),
  });

/** The arguments that are each one value of the configuration. */
export const simpleOptions: readonly OptionGroup[] = [
  simple('auto_remove', 'HostConfig', 'AutoRemove', 'value'),
  limit('blkio_weight', 'BlkioWeight'),
  simple('capabilities', 'HostConfig', 'CapAdd', 'set'),
  simple('cap_drop', 'HostConfig', 'CapDrop', 'set'),
  simple('cgroupns_mode', 'HostConfig', 'CgroupnsMode', 'value'),
  simple('cgroup_parent', 'HostConfig', 'CgroupParent', 'value'),
  limit('cpu_period', 'CpuPeriod'),
  limit('cpu_quota', 'CpuQuota'),
  limit('cpuset_cpus', 'CpusetCpus'),
  limit('cpuset_mems', 'CpusetMems'),
  limit('cpu_shares', 'CpuShares'),
  simple('cpus', 'HostConfig', 'NanoCpus', 'value', { read: ({ cpus }) => Math.round(Number(cpus) * 1e9) }),
  simple('devices', 'HostConfig', 'Devices', 'set(dict)', {
    read: ({ devices }) =>
      devices!.map((device) => {
        const [onHost = '', inContainer = onHost, permissions = 'rwm'] = device.split(':');
        return { CgroupPermissions: permissions, PathInContainer: inContainer, PathOnHost: onHost };
      }),
  }),
  rates('device_read_bps', 'BlkioDeviceReadBps'),
  rates('device_write_bps', 'BlkioDeviceWriteBps'),
  rates('device_read_iops', 'BlkioDeviceReadIOps'),
  rates('device_write_iops', 'BlkioDeviceWriteIOps'),
  simple('device_requests', 'HostConfig', 'DeviceRequests', 'set(dict)', {
    read: ({ device_requests: requests }) =>
      requests!.map(({ driver, count, device_ids: ids, capabilities, options }) => ({
        Driver: driver ?? '',
        Count: count ?? 0,
        DeviceIDs: ids ?? null,
        Capabilities: (capabilities as Value[][] | undefined)?.map((list) => list.map(toText)) ?? null,
        Options: dictJson(options) ?? {},
      })),
  }),
  simple('dns_servers', 'HostConfig', 'Dns', 'list'),
  simple('dns_opts', 'HostConfig', 'DnsOptions', 'set'),
  simple('dns_search_domains', 'HostConfig', 'DnsSearch', 'list'),
  simple('domainname', 'Config', 'Domainname', 'value'),
  simple('etc_hosts', 'HostConfig', 'ExtraHosts', 'set', {
    read: ({ etc_hosts: hosts }) => [...hosts!].map(([name, address]) => `${toText(name)}:${toText(address)}`),
  }),
  simple('groups', 'HostConfig', 'GroupAdd', 'set'),
  simple('hostname', 'Config', 'Hostname', 'value'),
  simple('init', 'HostConfig', 'Init', 'value'),
  simple('ipc_mode', 'HostConfig', 'IpcMode', 'value'),
  bytes('kernel_memory', 'KernelMemory', true),
  simple('links', 'HostConfig', 'Links', 'set', {
    read: ({ links, name }) =>
      links!.map((link) => {
        const [other, ...alias] = link.split(':');
        return `/${other}:/${name}/${alias.length > 0 ? alias.join(':') : other}`;
      }),
  }),
  simple('mac_address', 'Config', 'MacAddress', 'value', {
    read: ({ mac_address: address }) => address!.replaceAll('-', ':'),
  }),
  bytes('memory', 'Memory', true),
  bytes('memory_reservation', 'MemoryReservation', true),
  simple('memory_swap', 'HostConfig', 'MemorySwap', 'value', {
    isUpdatable: true,
    read: ({ memory_swap: swap }) => (swap === 'unlimited' || swap === '-1' ? -1 : toBytes(swap!, 'memory_swap')),
  }),
  simple('memory_swappiness', 'HostConfig', 'MemorySwappiness', 'value'),
  simple('network_mode', 'HostConfig', 'NetworkMode', 'value'),
  simple('oom_killer', 'HostConfig', 'OomKillDisable', 'value'),
  simple('oom_score_adj', 'HostConfig', 'OomScoreAdj', 'value'),
  simple('pid_mode', 'HostConfig', 'PidMode', 'value'),
  simple('pids_limit', 'HostConfig', 'PidsLimit', 'value'),
  simple('privileged', 'HostConfig', 'Privileged', 'value'),
  simple('read_only', 'HostConfig', 'ReadonlyRootfs', 'value'),
  simple('runtime', 'HostConfig', 'Runtime', 'value'),
  simple('security_opts', 'HostConfig', 'SecurityOpt', 'set'),
  bytes('shm_size', 'ShmSize'),
  simple('stop_signal', 'Config', 'StopSignal', 'value'),
  simple('stop_timeout', 'Config', 'StopTimeout', 'value', { mode: 'ignore' }),
  texts('storage_opts', 'HostConfig', 'StorageOpt'),
  texts('sysctls', 'HostConfig', 'Sysctls'),
  simple('tmpfs', 'HostConfig', 'Tmpfs', 'dict', {
    read: ({ tmpfs }) =>
      Object.fromEntries(
        tmpfs!.map((folder) => {
          const [path = '', ...options] = folder.split(':');
          return [path, options.join(':')];
        }),
      ),
  }),
  simple('tty', 'Config', 'Tty', 'value'),
  simple('ulimits', 'HostConfig', 'Ulimits', 'set(dict)', {
    read: ({ ulimits }) =>
      ulimits!.map((ulimit) => {
        const [name = '', soft, hard = soft] = ulimit.split(':');
        return { Name: name, Soft: Number(soft), Hard: Number(hard) };
      }),
  }),
  simple('user', 'Config', 'User', 'value'),
  simple('userns_mode', 'HostConfig', 'UsernsMode', 'value'),
  simple('uts', 'HostConfig', 'UTSMode', 'value'),
  simple('volume_driver', 'HostConfig', 'VolumeDriver', 'value'),
  simple('volumes_from', 'HostConfig', 'VolumesFrom', 'set'),
  simple('working_dir', 'Config', 'WorkingDir', 'value'),
];
