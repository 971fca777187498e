import { errorCodes, type KafkaErrorCode } from './error-codes.ts';
import { nothing, type JoinRequest, type JoinResult, type SyncResult } from './group-messages.ts';

export interface Member {
  readonly id: string;
  request: JoinRequest;
  timer: NodeJS.Timeout | undefined;
  joined: ((result: JoinResult) => void) | undefined;
  synced: ((result: SyncResult) => void) | undefined;
  assignment: Buffer;
}

/** The members of a consumer group, by id. */
export class GroupMembers extends Map<string, Member> {
  /** The static member of that name. */
  named(instanceId: string | null): Member | undefined {
    return instanceId === null
      ? undefined
      : [...this.values()].find(({ request }) => request.instanceId === instanceId);
  }

  /** A static member that was replaced by another of its name may do nothing more. */
  fence(memberId: string, instanceId: string | null): KafkaErrorCode {
    if (instanceId === null) return errorCodes.none;
    const present = this.named(instanceId);
    if (!present) return errorCodes.unknownMemberId;
    return present.id === memberId ? errorCodes.none : errorCodes.fencedInstanceId;
  }

  put(id: string, request: JoinRequest): Member {
    const known = this.get(id);
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
    this.set(id, member);
    return member;
  }

  /** The first protocol of the new member that all others, which are of its type, know, too. */
  commonProtocol(request: JoinRequest): string | undefined {
    const others = [...this.values()].filter(({ id }) => id !== request.memberId);
    if (others.some(({ request: other }) => other.protocolType !== request.protocolType)) return undefined;
    return request.protocols.find(({ name }) =>
      others.every(({ request: other }) => other.protocols.some((protocol) => protocol.name === name)),
    )?.name;
  }
}
