import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import iptables from './iptables.ts';

// Keeps rules as lines of words; a chain other than INPUT has to be made first.
const fake = `case $1 in --version) echo 'iptables v1.8.9 (nf_tables)'; exit;; esac
shift; table=$1; action=$2 chain=$3; shift; shift; [ $# -gt 0 ] && shift
touch "$FAKE/rules" "$FAKE/chains"
known() { [ "$chain" = INPUT ] || grep -qx "$chain" "$FAKE/chains"; }
case $action in -C|-L) ;; *) echo "$table $action $chain $*" >>"$FAKE/log";; esac
case $action in
-C) grep -qxF -- "$chain $*" "$FAKE/rules";;
-L) known && echo "Chain $chain (policy $(cat "$FAKE/policy" 2>/dev/null || echo ACCEPT))";;
-A|-I) known || { echo 'No chain/target/match by that name.' >&2; exit 1; }; case $1 in [0-9]*) shift;; esac; echo "$chain $*" >>"$FAKE/rules";;
-D) grep -vxF -- "$chain $*" "$FAKE/rules" >"$FAKE/new"; mv "$FAKE/new" "$FAKE/rules";;
-N) echo "$chain" >>"$FAKE/chains";;
-P) echo "$1" >"$FAKE/policy";;
esac`;

let folder: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-iptables-'));
  host = await openFakeHost(folder, { iptables: fake, ip6tables: fake });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const log = async (): Promise<string[]> =>
  (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

describe('iptables', () => {
  it('appends a rule once and removes it', async () => {
    const args = {
      chain: 'INPUT',
      protocol: 'tcp',
      destination_port: '22',
      ctstate: ['NEW'],
      jump: 'ACCEPT',
      comment: 'let in',
    };
    const rule = '-p tcp -j ACCEPT --destination-port 22 -m conntrack --ctstate NEW -m comment --comment let in';
    expect(await host.run(iptables, args)).toEqual({
      changed: true,
      ip_version: 'ipv4',
      table: 'filter',
      chain: 'INPUT',
      flush: false,
      rule,
      state: 'present',
      chain_management: false,
    });
    expect(await host.countRoundTrips(() => host.run(iptables, args))).toBe(1);
    expect(await host.run(iptables, args)).toMatchObject({ changed: false });
    expect(await host.run(iptables, { ...args, state: 'absent' }, { check: true })).toMatchObject({ changed: true });
    expect(await host.run(iptables, { ...args, state: 'absent' })).toMatchObject({ changed: true });
    expect(await log()).toEqual([`filter -A INPUT ${rule}`, `filter -D INPUT ${rule}`]);
  });

  it('inserts at a place, makes the chain, and sets and reads policies', async () => {
    const args = {
      table: 'nat',
      chain: 'mine',
      source: '!10.0.0.0/8',
      jump: 'DROP',
      action: 'insert',
      rule_num: '2',
      wait: '5',
    };
    expect(await host.run(iptables, args)).toMatchObject({ failed: true });
    expect(await host.run(iptables, { ...args, chain_management: true })).toMatchObject({ changed: true });
    expect(await host.run(iptables, { chain: 'INPUT', policy: 'DROP' })).toMatchObject({ changed: true });
    expect(await host.run(iptables, { chain: 'INPUT', policy: 'DROP' })).toMatchObject({ changed: false });
    expect(await host.run(iptables, { flush: true })).toMatchObject({ changed: true });
    expect((await log()).slice(1)).toEqual([
      'nat -N mine ',
      'nat -I mine 2 -w 5 ! -s 10.0.0.0/8 -j DROP',
      'filter -P INPUT DROP',
      'filter -F  ',
    ]);
  });

  it.each([
    [
      { reject_with: 'tcp-reset', ip_version: 'ipv6', icmp_type: '1' },
      '-j REJECT --reject-with tcp-reset --icmpv6-type 1',
    ],
    [{ log_prefix: 'x ', log_level: 'info' }, '--log-prefix x  --log-level info'],
    [{ match: ['state'], ctstate: ['ESTABLISHED', 'RELATED'] }, '-m state --state ESTABLISHED,RELATED'],
    [
      { protocol: 'tcp', destination_ports: ['80', '443:444'], syn: 'negate' },
      '-p tcp -m multiport --dports 80,443:444 ! --syn',
    ],
    [
      { src_range: '10.0.0.1-10.0.0.9', limit: '5/s', limit_burst: '9' },
      '-m iprange --src-range 10.0.0.1-10.0.0.9 -m limit --limit 5/s --limit-burst 9',
    ],
    [{ match_set: '!bad', match_set_flags: 'src' }, '-m set ! --match-set bad src'],
    [
      { tcp_flags: { flags: ['ACK', 'RST'], flags_set: ['RST'] }, uid_owner: '!root' },
      '--tcp-flags ACK,RST RST -m owner ! --uid-owner root',
    ],
    [{ jump: 'TEE', gateway: '1.2.3.4', set_dscp_mark_class: 'CS1' }, '-j TEE --gateway 1.2.3.4 --set-dscp-class CS1'],
  ])('writes %j as %s', async (args, rule) => {
    expect(await host.run(iptables, { chain: 'INPUT', ...args }, { check: true })).toMatchObject({ rule });
  });

  it('refuses what does not fit together', async () => {
    expect((await host.run(iptables, {})).msg).toBe('Either chain or flush parameter must be specified.');
    expect((await host.run(iptables, { chain: 'INPUT', jump: 'DROP', log_prefix: 'x' })).msg).toBe(
      'Logging options can only be used with the LOG jump target.',
    );
  });
});
