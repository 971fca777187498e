import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ConsumerGroup } from '../../../../../infra/local/event-hubs/kafka/consumer-group.ts';
import type { JoinRequest } from '../../../../../infra/local/event-hubs/kafka/group-messages.ts';
import { errorCodes } from '../../../../../infra/local/event-hubs/kafka/error-codes.ts';

/* Static membership, KIP-345. */

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const request = (instanceId: string | null, memberId = '', metadata = 'topics'): JoinRequest => ({
  memberId,
  instanceId,
  clientId: 'client',
  sessionTimeout: 10_000,
  rebalanceTimeout: 10_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from(metadata) }],
  mustKnowId: true,
});

/** A group of two static members, each with an assignment. */
async function groupOfTwo() {
  const group = new ConsumerGroup();
  const joining = Promise.all([group.join(request('a')), group.join(request('b'))]);
  await jest.advanceTimersByTimeAsync(1000);
  const [a, b] = await joining;
  const assignments = new Map([
    [a.memberId, Buffer.from('of a')],
    [b.memberId, Buffer.from('of b')],
  ]);
  const leader = a.leader === a.memberId ? a : b;
  const follower = leader === a ? b : a;
  const sender = ({ memberId }: { memberId: string }, instanceId: string) => ({
    memberId,
    instanceId,
    generation: a.generation,
  });
  const waiting = group.sync(sender(follower, follower === a ? 'a' : 'b'), new Map());
  await group.sync(sender(leader, leader === a ? 'a' : 'b'), assignments);
  await waiting;
  return { group, a, b, sender };
}

describe('a static member', () => {
  test('is told its id at once and keeps its assignment when it comes back, without a new round', async () => {
    const { group, a, b, sender } = await groupOfTwo();
    expect([a.code, b.code]).toEqual([errorCodes.none, errorCodes.none]);
    const back = await group.join(request('a'));
    expect(back).toMatchObject({ code: errorCodes.none, generation: a.generation, members: [] });
    expect(back.memberId).not.toBe(a.memberId);
    // Not told that it leads, so that it assigns nothing.
    expect(back.leader).not.toBe(back.memberId);
    expect(await group.sync(sender(back, 'a'), new Map())).toEqual({
      code: errorCodes.none,
      assignment: Buffer.from('of a'),
    });
    expect(group.heartbeat(sender(b, 'b'))).toBe(errorCodes.none);
  });

  test('fences the one of its name before it, in all that this may still send', async () => {
    const { group, a, sender } = await groupOfTwo();
    await group.join(request('a'));
    expect(group.heartbeat(sender(a, 'a'))).toBe(errorCodes.fencedInstanceId);
    expect(group.checkCommit(sender(a, 'a'))).toBe(errorCodes.fencedInstanceId);
    expect((await group.sync(sender(a, 'a'), new Map())).code).toBe(errorCodes.fencedInstanceId);
    expect((await group.join(request('a', a.memberId))).code).toBe(errorCodes.fencedInstanceId);
    expect(group.leave(a.memberId, 'a')).toBe(errorCodes.fencedInstanceId);
  });

  test('starts a new round when it wants other topics, and when it leaves by its name', async () => {
    const { group, b, sender } = await groupOfTwo();
    void group.join(request('a', '', 'other topics'));
    expect(group.heartbeat(sender(b, 'b'))).toBe(errorCodes.rebalanceInProgress);

    const other = await groupOfTwo();
    expect(other.group.leave('', 'a')).toBe(errorCodes.none);
    expect(other.group.heartbeat(other.sender(other.b, 'b'))).toBe(errorCodes.rebalanceInProgress);
    expect(other.group.leave('', 'nobody')).toBe(errorCodes.unknownMemberId);
  });

  test('is left out when it is silent for its session timeout', async () => {
    const { group, a, sender } = await groupOfTwo();
    await jest.advanceTimersByTimeAsync(10_001);
    expect(group.heartbeat(sender(a, 'a'))).toBe(errorCodes.unknownMemberId);
  });
});
