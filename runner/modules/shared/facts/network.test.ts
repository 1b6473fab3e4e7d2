import { describe, expect, it } from 'vitest';
import { readDump } from './dump.ts';
import { network } from './network.ts';

const output = `\x1eword route 4
8.8.8.8 via 10.0.0.1 dev eth0 src 10.0.0.5 uid 0
    cache
\x1eword route 6
\x1eword addresses
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.0.0.5/20 brd 10.0.15.255 scope global eth0
    inet 10.0.0.6/20 brd 10.0.15.255 scope global secondary eth0:1
    inet 10.9.0.1/32 scope global eth0
    inet6 fe80::1/64 scope link
3: tun0: <POINTOPOINT> mtu 1400 qdisc noop state DOWN
    inet 172.16.0.1 peer 172.16.0.2/32 scope global tun0
\x1eword bridges
/sys/class/net/br0/bridge
/sys/class/net/br0/brif/eth1
\x1eword files
/sys/class/net/br0/bridge/bridge_id:8000.525400123456
/sys/class/net/br0/bridge/stp_state:1
/sys/class/net/br0/mtu:1500
/sys/class/net/br0/type:1
/sys/class/net/eth0/address:52:54:00:12:34:56
/sys/class/net/eth0/flags:0x1103
/sys/class/net/eth0/mtu:1500
/sys/class/net/eth0/operstate:up
/sys/class/net/eth0/type:1
/sys/class/net/lo/address:00:00:00:00:00:00
/sys/class/net/lo/mtu:65536
/sys/class/net/tun0/mtu:1400
/sys/class/net/tun0/type:65534
\x1eword links
lrwxrwxrwx 1 root root 0 Jan  1 00:00 /sys/class/net/eth0/device -> ../../../0000:00:03.0
lrwxrwxrwx 1 root root 0 Jan  1 00:00 /sys/class/net/eth0/device/driver/module -> ../../../../module/e1000
`;

describe('network facts', () => {
  const facts = network.read(readDump(Buffer.from(output), 'word'), {}, () => {}) as Record<string, unknown>;

  it('tells addresses, labels and secondary ones', () => {
    expect(facts.eth0).toMatchObject({
      macaddress: '52:54:00:12:34:56',
      module: 'e1000',
      pciid: '0000:00:03.0',
      promisc: true,
      active: true,
      type: 'ether',
      ipv4: {
        address: '10.0.0.5',
        broadcast: '10.0.15.255',
        netmask: '255.255.240.0',
        network: '10.0.0.0',
        prefix: '20',
      },
      ipv6: [{ address: 'fe80::1', prefix: '64', scope: 'link' }],
    });
    const secondaries = (facts.eth0 as { ipv4_secondaries: { address: string }[] }).ipv4_secondaries;
    expect(secondaries.map(({ address }) => address)).toEqual(['10.9.0.1', '10.0.0.6']);
    expect(facts.eth0_1).toMatchObject({ ipv4_secondaries: [{ address: '10.0.0.6' }] });
    expect(facts.all_ipv4_addresses).toEqual(['10.0.0.5', '10.9.0.1', '10.0.0.6', '172.16.0.1']);
    expect(facts.tun0).toMatchObject({ type: 'tunnel', ipv4: { address: '172.16.0.1', prefix: '32' } });
  });

  it('tells the default route and bridges', () => {
    expect(facts.default_ipv4).toMatchObject({
      interface: 'eth0',
      gateway: '10.0.0.1',
      address: '10.0.0.5',
      alias: 'eth0',
      macaddress: '52:54:00:12:34:56',
      mtu: 1500,
      type: 'ether',
    });
    expect(facts.default_ipv6).toEqual({});
    expect(facts.br0).toMatchObject({ type: 'bridge', id: '8000.525400123456', stp: true, interfaces: ['eth1'] });
  });
});
