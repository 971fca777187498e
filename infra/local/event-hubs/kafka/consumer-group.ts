import { randomUUID } from 'node:crypto';
import { errorCodes, type KafkaErrorCode } from './error-codes.ts';

export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinRequest {
  readonly memberId: string;
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
  readonly members: readonly { readonly id: string; readonly metadata: Buffer }[];
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
    const { memberId } = request;
    if (memberId === '' && request.mustKnowId) {
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
    return new Promise((resolve) => {
      const member = this.#put(memberId === '' ? `${request.clientId}-${randomUUID()}` : memberId, request);
      member.joined = resolve;
      this.#beginRound();
    });
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
    const metadataOf = ({ request }: Member): Buffer =>
      request.protocols.find(({ name }) => name === this.#protocol)?.metadata ?? nothing;
    return {
      code: errorCodes.none,
      generation: this.#generation,
      protocol: this.#protocol,
      leader: this.#leader,
      memberId: id,
      members:
        id === this.#leader
          ? [...this.#members.values()].map((member) => ({ id: member.id, metadata: metadataOf(member) }))
          : [],
    };
  }

  sync(memberId: string, generation: number, assignments: ReadonlyMap<string, Buffer>): Promise<SyncResult> {
    const code = this.check(memberId, generation);
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

  heartbeat(memberId: string, generation: number): KafkaErrorCode {
    const code = this.check(memberId, generation);
    const member = this.#members.get(memberId);
    if (member) this.#expectHeartbeat(member);
    return code;
  }

  /** Whether a member of this generation may go on. A group without members (a commit from outside) lets all. */
  check(memberId: string, generation: number): KafkaErrorCode {
    if (generation < 0 && this.#members.size === 0) return errorCodes.none;
    if (!this.#members.has(memberId)) return errorCodes.unknownMemberId;
    if (this.#state === 'joining') return errorCodes.rebalanceInProgress;
    return generation === this.#generation ? errorCodes.none : errorCodes.illegalGeneration;
  }

  /** As `check`, but offsets may be committed while the others are joining. */
  checkCommit(memberId: string, generation: number): KafkaErrorCode {
    const code = this.check(memberId, generation);
    const isLate = code === errorCodes.rebalanceInProgress && generation === this.#generation;
    return isLate ? errorCodes.none : code;
  }

  leave(memberId: string): KafkaErrorCode {
    const member = this.#members.get(memberId);
    if (!member) return errorCodes.unknownMemberId;
    this.#remove(member);
    this.#afterLoss();
    return errorCodes.none;
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
