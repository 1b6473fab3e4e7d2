/** What `drbdadm` says of a resource on a host, by command. */
export type Said = Readonly<Record<'role' | 'cstate' | 'dstate' | 'get-gi', string>>;

/** What was said on two hosts, `one` and `two`. Recorded from DRBD 9.2.18 with drbd-utils 9.22.0 on two Debian 12 machines. */
export const recorded = {
  /** Both were written to while they did not see each other. */
  splitBrain: {
    one: {
      role: 'Secondary',
      cstate: 'StandAlone',
      dstate: 'UpToDate/DUnknown',
      'get-gi': '4023658AF80175FE:C6489B22751CFC74:5EACE0FE49042E58:0000000000000000:1:1:0:0:0:0:0:0:0:0:0:1',
    },
    two: {
      role: 'Primary',
      cstate: 'StandAlone',
      dstate: 'UpToDate/DUnknown',
      'get-gi': '782C61912E44E821:C6489B22751CFC74:135BAD8BDF567D36:0000000000000000:1:1:1:1:0:0:0:0:0:0:0:1',
    },
  },
  /** The same two a minute before: only one was written to. */
  cutOff: {
    one: {
      role: 'Secondary',
      cstate: 'Connecting',
      dstate: 'UpToDate/DUnknown',
      'get-gi': 'C6489B22751CFC74:0000000000000000:5EACE0FE49042E58:0000000000000000:1:1:1:1:0:0:0:0:0:0:0:1',
    },
    two: {
      role: 'Primary',
      cstate: 'Connecting',
      dstate: 'UpToDate/DUnknown',
      'get-gi': '782C61912E44E821:C6489B22751CFC74:135BAD8BDF567D36:0000000000000000:1:1:1:1:0:0:0:0:0:0:0:1',
    },
  },
  /** And when the first had given up what it wrote. */
  healed: {
    one: {
      role: 'Primary',
      cstate: 'Connected',
      dstate: 'UpToDate/UpToDate',
      'get-gi': '782C61912E44E820:0000000000000000:C6489B22751CFC74:5EACE0FE49042E58:1:1:1:1:0:0:0:1:0:0:0:1',
    },
    two: {
      role: 'Secondary',
      cstate: 'Connected',
      dstate: 'UpToDate/UpToDate',
      'get-gi': '782C61912E44E820:0000000000000000:C6489B22751CFC74:135BAD8BDF567D36:1:1:1:0:0:1:0:1:0:0:0:1',
    },
  },
} satisfies Record<string, Record<'one' | 'two', Said>>;
