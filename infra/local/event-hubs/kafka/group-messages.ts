import type { KafkaErrorCode } from './error-codes.ts';

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

export const nothing = Buffer.alloc(0);

export const refusedJoin = (code: KafkaErrorCode, memberId: string): JoinResult => ({
  code,
  generation: -1,
  protocol: '',
  leader: '',
  memberId,
  members: [],
});
