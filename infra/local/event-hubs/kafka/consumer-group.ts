import { randomUUID } from 'node:crypto';
import { errorCodes, type KafkaErrorCode } from './error-codes.ts';

export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinRequest {
  readonly memberId: string;
  /** Names a static member, which keeps its place when it comes back with no member id (KIP-345). */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly sessionTimeout: number;
  readonly rebalanceTimeout: number;
  readonly protocolType: string;
  readonly protocols: readonly Protocol[];
  /** Since version 4 a new member is first told its id and joins again with it. */
  readonly mustKnowId: boolean;
}

export interface JoinResult {
  readonly code: KafkaErrorCode;
  readonly generation: number;
  readonly protocol: string;
  readonly leader: string;
  readonly memberId: string;
  readonly members: readonly {
    readonly id: string;
    readonly instanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

/** What administrators are told; the names of the states are Kafka's. */
export interface GroupDescription {
  readonly state: 'Dead' | 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';
  readonly protocolType: string;
  readonly protocol: string;
  readonly members: readonly {
    readonly id: string;
    readonly clientId: string;
    readonly metadata: Buffer;
    readonly assignment: Buffer;
  }[];
}

const stateNames = {
  empty: 'Empty',
  joining: 'PreparingRebalance',
  syncing: 'CompletingRebalance',
  stable: 'Stable',
} as const;

/** Who sends a request to its group. */
export interface Sender {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly generation: number;
}

export interface SyncResult {
  readonly code: KafkaErrorCode;
  readonly assignment: Buffer;
}

interface Member {
  readonly id: string;
  request: JoinRequest;
  timer: NodeJS.Timeout | undefined;
  joined: ((result: JoinResult) => void) | undefined;
  synced: ((result: SyncResult) => void) | undefined;
  assignment: Buffer;
}

const nothing = Buffer.alloc(0);
/** Kafka's group.initial.rebalance.delay.ms, shorter: members that start together get one rebalance. */
const initialDelay = 200;

const refusedJoin = (code: KafkaErrorCode, memberId: string): JoinResult => ({
  code,
  generation: -1,
  protocol: '',
  leader: '',
  memberId,
  members: [],
});

/**
 * The coordinator of one Kafka consumer group: members join, the first of them assigns the partitions, and whoever is
 * silent for its session timeout is left out of the next round (classic rebalance protocol).
 */
export class ConsumerGroup {
  readonly #members = new Map<string, Member>();
  readonly #announced = new Set<string>();
  #state: 'empty' | 'joining' | 'syncing' | 'stable' = 'empty';
  #generation = 0;
  #leader = '';
  #protocol = '';
  #deadline: NodeJS.Timeout | undefined;

  join(request: JoinRequest): Promise<JoinResult> {
    const { memberId, instanceId } = request;
    const present = this.#staticMember(instanceId);
    if (present && memberId === '') return this.#comeBack(present, request);
    const fence = this.#fence(memberId, instanceId);
    if (memberId !== '' && fence !== errorCodes.none) return Promise.resolve(refusedJoin(fence, memberId));
    if (memberId === '' && instanceId === null && request.mustKnowId) {
      const id = `${request.clientId}-${randomUUID()}`;
      this.#announced.add(id);
      return Promise.resolve(refusedJoin(errorCodes.memberIdRequired, id));
    }
    if (memberId !== '' && !this.#members.has(memberId) && !this.#announced.delete(memberId)) {
      return Promise.resolve(refusedJoin(errorCodes.unknownMemberId, memberId));
    }
    if (this.#commonProtocol(request) === undefined) {
      return Promise.resolve(refusedJoin(errorCodes.inconsistentGroupProtocol, memberId));
    }
    const id = memberId === '' ? `${instanceId ?? request.clientId}-${randomUUID()}` : memberId;
    return this.#rejoin(this.#put(id, request));
  }

  #rejoin(member: Member): Promise<JoinResult> {
    return new Promise((resolve) => {
      member.joined = resolve;
      this.#beginRound();
    });
  }

  #staticMember(instanceId: string | null): Member | undefined {
    return instanceId === null
      ? undefined
      : [...this.#members.values()].find(({ request }) => request.instanceId === instanceId);
  }

  /** A static member that was replaced by another of its name may do nothing more. */
  #fence(memberId: string, instanceId: string | null): KafkaErrorCode {
    if (instanceId === null) return errorCodes.none;
    const present = this.#staticMember(instanceId);
    if (!present) return errorCodes.unknownMemberId;
    return present.id === memberId ? errorCodes.none : errorCodes.fencedInstanceId;
  }

  /** A static member starts again: it takes over its own place, without a new round when it wants what it wanted. */
  #comeBack(before: Member, request: JoinRequest): Promise<JoinResult> {
    before.joined?.(refusedJoin(errorCodes.fencedInstanceId, before.id));
    before.synced?.({ code: errorCodes.fencedInstanceId, assignment: nothing });
    clearTimeout(before.timer);
    this.#members.delete(before.id);
    const member = this.#put(`${request.instanceId}-${randomUUID()}`, request);
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

  #put(id: string, request: JoinRequest): Member {
    const known = this.#members.get(id);
    clearTimeout(known?.timer);
    const member: Member = known ?? {
      id,
      request,
      timer: undefined,
      joined: undefined,
      synced: undefined,
      assignment: nothing,
    };
    member.request = request;
    this.#members.set(id, member);
    return member;
  }

  /** The first protocol of the new member that all others know, too. */
  #commonProtocol(request: JoinRequest): string | undefined {
    const others = [...this.#members.values()].filter(({ id }) => id !== request.memberId);
    return request.protocols.find(({ name }) =>
      others.every(({ request: other }) => other.protocols.some((protocol) => protocol.name === name)),
    )?.name;
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
    this.#protocol = this.#commonProtocol(this.#members.get(this.#leader)!.request) ?? '';
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
    const fence = this.#fence(memberId, instanceId);
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
    const member = instanceId === null ? this.#members.get(memberId) : this.#staticMember(instanceId);
    if (!member) return errorCodes.unknownMemberId;
    if (memberId !== '' && member.id !== memberId) return errorCodes.fencedInstanceId;
    this.#remove(member);
    this.#afterLoss();
    return errorCodes.none;
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
