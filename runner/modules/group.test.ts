import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTwins, type Twins } from '../../test/support/twins.ts';
import group from './group.ts';

let twins: Twins;
beforeAll(async () => {
  twins = await openTwins();
}, 30_000);
afterAll(() => twins.close());

const same = async (args: Record<string, unknown>): Promise<void> => {
  const ours = await twins.ours.run(group, args);
  const { ansible_facts: _facts, changed, ...expected } = await twins.ansible('group', args);
  // A failure tells of its command beyond what Ansible's tells.
  if (expected.failed) expect(ours).toMatchObject(expected);
  else expect(ours).toEqual({ changed, ...expected });
  const state = await twins.look('cat /etc/group');
  expect(state.ours).toEqual(state.theirs);
};

describe('group', () => {
  it.each([
    { name: 'g1', gid: 5001 },
    { name: 'g1', gid: 5002 },
    { name: 'g2', gid: 5002 },
    { name: 'g2', gid: 5002, non_unique: true },
    { name: 'g3', system: true },
    { name: 'g3', state: 'absent' },
    { name: 'g3', state: 'absent' },
  ])('does what Ansible does with %j', same, 30_000);

  it('needs one round trip to see that all is right', async () => {
    expect(await twins.ours.countRoundTrips(() => twins.ours.run(group, { name: 'g1', gid: 5002 }))).toBe(1);
  });
});
