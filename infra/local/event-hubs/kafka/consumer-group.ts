import { randomUUID } from 'node:crypto';
import { errorCodes, type KafkaErrorCode } from './error-codes.ts';
import { GroupMembers, type Member } from './group-members.ts';
import {
  nothing,
  refusedJoin,
  type GroupDescription,
  type JoinRequest,
  type JoinResult,
  type Sender,
  type SyncResult,
} from './group-messages.ts';
import { WireReader } from './wire.ts';

const stateNames = {
  empty: 'Empty',
  joining: 'PreparingRebalance',
  syncing: 'CompletingRebalance',
  stable: 'Stable',
} as const;

/** Kafka's group.initial.rebalance.delay.ms, shorter: members that start together get one rebalance. */
const initialDelay = 200;

/**
 * The coordinator of one Kafka consumer group: members join, the first of them assigns the partitions, and whoever is
 * silent for its session timeout is left out of the next round (classic rebalance protocol).
 */
export class ConsumerGroup {
  readonly #members = new GroupMembers();
  readonly #announced = new Set<string>();
  #state: 'empty' | 'joining' | 'syncing' | 'stable' = 'empty';
  #generation = 0;
  #leader = '';
  #protocol = '';
  #deadline: NodeJS.Timeout | undefined;

  join(request: JoinRequest): Promise<JoinResult> {
    const { memberId, instanceId } = request;
    const present = this.#members.named(instanceId);
    if (present && memberId === '') return this.#comeBack(present, request);
    const fence = this.#members.fence(memberId, instanceId);
    if (memberId !== '' && fence !== errorCodes.none) return Promise.resolve(refusedJoin(fence, memberId));
    if (memberId === '' && instanceId === null && request.mustKnowId) {
      const id = `${request.clientId}-${randomUUID()}`;
      this.#announced.add(id);
      return Promise.resolve(refusedJoin(errorCodes.memberIdRequired, id));
    }
    if (memberId !== '' && !this.#members.has(memberId) && !this.#announced.delete(memberId)) {
      return Promise.resolve(refusedJoin(errorCodes.unknownMemberId, memberId));
    }
    if (this.#members.commonProtocol(request) === undefined) {
      return Promise.resolve(refusedJoin(errorCodes.inconsistentGroupProtocol, memberId));
    }
    const id = memberId === '' ? `${instanceId ?? request.clientId}-${randomUUID()}` : memberId;
    return this.#rejoin(this.#members.put(id, request));
  }

  #rejoin(member: Member): Promise<JoinResult> {
    return new Promise((resolve) => {
      member.joined = resolve;
      this.#beginRound();
    });
  }

  /** A static member starts again: it takes over its own place, without a new round when it wants what it wanted. */
  #comeBack(before: Member, request: JoinRequest): Promise<JoinResult> {
    before.joined?.(refusedJoin(errorCodes.fencedInstanceId, before.id));
    before.synced?.({ code: errorCodes.fencedInstanceId, assignment: nothing });
    clearTimeout(before.timer);
    this.#members.delete(before.id);
    const member = this.#members.put(`${request.instanceId}-${randomUUID()}`, request);
    member.assignment = before.assignment;
    const leader = this.#leader;
    if (leader === before.id) this.#leader = member.id;
    const metadata = this.#metadataOf(member);
    if (this.#state !== 'stable' || !metadata.equals(this.#metadataOf(before))) return this.#rejoin(member);
    this.#expectHeartbeat(member);
    // Told the leader of before, even if that was itself: nobody has to assign anything.
    return Promise.resolve({ ...this.#joinResult(member), leader, members: [] });
  }

  #metadataOf({ request }: Member): Buffer {
    return request.protocols.find(({ name }) => name === this.#protocol)?.metadata ?? nothing;
  }

  #beginRound(): void {
    if (this.#state !== 'joining') {
      const wasEmpty = this.#state === 'empty';
      this.#state = 'joining';
      for (const member of this.#members.values()) {
        member.synced?.({ code: errorCodes.rebalanceInProgress, assignment: nothing });
        member.synced = undefined;
      }
      const longest = Math.max(
        ...[...this.#members.values()].map((member) => member.request.rebalanceTimeout),
      );
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#endRound(), wasEmpty ? initialDelay : longest);
      this.#deadline.unref();
      if (wasEmpty) return;
    }
    const isFirstRound = this.#generation === 0;
    if (!isFirstRound && [...this.#members.values()].every(({ joined }) => joined)) this.#endRound();
  }

  #endRound(): void {
    clearTimeout(this.#deadline);
    for (const member of this.#members.values()) if (!member.joined) this.#remove(member);
    const [first] = this.#members.values();
    if (!first) {
      this.#state = 'empty';
      return;
    }
    this.#generation++;
    this.#state = 'syncing';
    this.#leader = this.#members.has(this.#leader) ? this.#leader : first.id;
    this.#protocol = this.#members.commonProtocol(this.#members.get(this.#leader)!.request) ?? '';
    for (const member of this.#members.values()) {
      member.joined?.(this.#joinResult(member));
      member.joined = undefined;
      this.#expectHeartbeat(member);
    }
  }

  #joinResult({ id }: Member): JoinResult {
    return {
      code: errorCodes.none,
      generation: this.#generation,
      protocol: this.#protocol,
      leader: this.#leader,
      memberId: id,
      members:
        id === this.#leader
          ? [...this.#members.values()].map((member) => ({
              id: member.id,
              instanceId: member.request.instanceId,
              metadata: this.#metadataOf(member),
            }))
          : [],
    };
  }

  sync(sender: Sender, assignments: ReadonlyMap<string, Buffer>): Promise<SyncResult> {
    const { memberId } = sender;
    const code = this.check(sender);
    const member = this.#members.get(memberId);
    if (!member || code !== errorCodes.none) return Promise.resolve({ code, assignment: nothing });
    if (this.#state === 'stable') return Promise.resolve({ code, assignment: member.assignment });
    return new Promise((resolve) => {
      member.synced = resolve;
      if (memberId === this.#leader) this.#assign(assignments);
    });
  }

  #assign(assignments: ReadonlyMap<string, Buffer>): void {
    this.#state = 'stable';
    for (const member of this.#members.values()) {
      member.assignment = assignments.get(member.id) ?? nothing;
      member.synced?.({ code: errorCodes.none, assignment: member.assignment });
      member.synced = undefined;
    }
  }

  heartbeat(sender: Sender): KafkaErrorCode {
    const code = this.check(sender);
    const member = this.#members.get(sender.memberId);
    if (member) this.#expectHeartbeat(member);
    return code;
  }

  /** Whether a member of this generation may go on. A group without members (a commit from outside) lets all. */
  check({ memberId, instanceId, generation }: Sender): KafkaErrorCode {
    const fence = this.#members.fence(memberId, instanceId);
    if (fence !== errorCodes.none) return fence;
    if (generation < 0 && this.#members.size === 0) return errorCodes.none;
    if (!this.#members.has(memberId)) return errorCodes.unknownMemberId;
    if (this.#state === 'joining') return errorCodes.rebalanceInProgress;
    return generation === this.#generation ? errorCodes.none : errorCodes.illegalGeneration;
  }

  /** As `check`, but offsets may be committed while the others are joining. */
  checkCommit(sender: Sender): KafkaErrorCode {
    const code = this.check(sender);
    const isLate = code === errorCodes.rebalanceInProgress && sender.generation === this.#generation;
    return isLate ? errorCodes.none : code;
  }

  /** A static member may be named by its instance id alone. */
  leave(memberId: string, instanceId: string | null): KafkaErrorCode {
    const member = instanceId === null ? this.#members.get(memberId) : this.#members.named(instanceId);
    if (!member) return errorCodes.unknownMemberId;
    if (memberId !== '' && member.id !== memberId) return errorCodes.fencedInstanceId;
    this.#remove(member);
    this.#afterLoss();
    return errorCodes.none;
  }

  /** What its members read (ConsumerProtocolSubscription: version, topics, and what else there may be). */
  subscribedTopics(): Set<string> {
    const topicsIn = (metadata: Buffer): string[] => {
      const reader = new WireReader(metadata, 2, false);
      return metadata.length > 2 ? (reader.array(() => reader.string()) ?? []) : [];
    };
    return new Set([...this.#members.values()].flatMap((member) => topicsIn(this.#metadataOf(member))));
  }

  describe(): GroupDescription {
    const members = [...this.#members.values()];
    return {
      state: stateNames[this.#state],
      protocolType: members[0]?.request.protocolType ?? '',
      protocol: this.#state === 'stable' ? this.#protocol : '',
      members: members.map((member) => ({
        id: member.id,
        clientId: member.request.clientId,
        metadata: this.#metadataOf(member),
        assignment: member.assignment,
      })),
    };
  }

  #expectHeartbeat(member: Member): void {
    clearTimeout(member.timer);
    member.timer = setTimeout(() => {
      // A member that waits for the others to join cannot send heartbeats.
      if (member.joined) return;
      this.#remove(member);
      this.#afterLoss();
    }, member.request.sessionTimeout);
    member.timer.unref();
  }

  #remove(member: Member): void {
    clearTimeout(member.timer);
    member.synced?.({ code: errorCodes.unknownMemberId, assignment: nothing });
    this.#members.delete(member.id);
  }

  #afterLoss(): void {
    if (this.#members.size > 0) {
      this.#beginRound();
      return;
    }
    clearTimeout(this.#deadline);
    this.#state = 'empty';
  }
}
