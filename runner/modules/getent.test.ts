import { describe, expect, it } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import getent from './getent.ts';

const host = hostForAllTests();

describe('getent', () => {
  it('looks up one key, splitting at colons where the database has them', async () => {
    const result = await host.run(getent, { database: 'passwd', key: 'root' });
    expect(result.ansible_facts).toEqual({
      getent_passwd: { root: ['x', '0', '0', 'root', '/root', expect.any(String)] },
    });
    expect(await host.countRoundTrips(() => host.run(getent, { database: 'group' }))).toBe(1);
  });

  it('splits other databases at white space, and collects entries with the same key', async () => {
    const { ansible_facts: facts } = await host.run(getent, { database: 'ahosts', key: '127.0.0.1' });
    expect(facts).toEqual({ getent_ahosts: { '127.0.0.1': [['STREAM', '127.0.0.1'], ['DGRAM'], ['RAW']] } });
  });

  it('fails for a missing key, unless told not to', async () => {
    const args = { database: 'passwd', key: 'no-such-user' };
    const msg = 'One or more supplied key could not be found in the database.';
    expect(await host.run(getent, args)).toMatchObject({ failed: true, msg });
    expect(await host.run(getent, { ...args, fail_key: false })).toEqual({
      changed: false,
      msg,
      ansible_facts: { getent_passwd: { 'no-such-user': null } },
    });
  });
});
