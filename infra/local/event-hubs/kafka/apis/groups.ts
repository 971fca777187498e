import { limits } from '../../limits.ts';
import type { KafkaApi, Session } from '../api.ts';
import { errorCodes, type KafkaErrorCode } from '../error-codes.ts';
import { refusedJoin, type Protocol } from '../group-messages.ts';
import type { WireReader, WireWriter } from '../wire.ts';

const consumerGroupKind = 0;

export const findCoordinator: KafkaApi = {
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 4],
  flexibleFrom: 3,
  handle(request, version, { broker }) {
    const single = version < 4 ? request.string() : '';
    const kind = version >= 1 ? request.int8() : consumerGroupKind;
    const keys = version >= 4 ? (request.array(() => request.string()) ?? []) : [single];
    // There are no transactions, and only this code makes every client stop instead of asking again.
    const code = kind === consumerGroupKind ? errorCodes.none : errorCodes.transactionalIdAuthorizationFailed;
    const place = (response: WireWriter): WireWriter =>
      response.int32(broker.id).string(broker.host).int32(broker.port);
    return (response) => {
      if (version >= 1) response.int32(0);
      if (version >= 4) {
        response.array(keys, (key) => place(response.string(key)).int16(code).string(null).tags());
        response.tags();
        return;
      }
      response.int16(code);
      if (version >= 1) response.string(null);
      place(response).tags();
    };
  },
};

export const joinGroup: KafkaApi = {
  key: 11,
  name: 'JoinGroup',
  versions: [0, 6],
  flexibleFrom: 6,
  async handle(request, version, session) {
    const groupId = request.string();
    const sessionTimeout = request.int32();
    const rebalanceTimeout = version >= 1 ? request.int32() : sessionTimeout;
    const memberId = request.string();
    const instanceId = version >= 5 ? request.nullableString() : null;
    const protocolType = request.string();
    const protocols = request.array((): Protocol => {
      const protocol = { name: request.string(), metadata: request.nullableBytes() ?? Buffer.alloc(0) };
      request.tags();
      return protocol;
    });
    const refusal = refusalOf(groupId, sessionTimeout);
    const result = refusal
      ? refusedJoin(refusal, memberId)
      : await session.groups.group(groupId).join({
          memberId,
          instanceId,
          clientId: session.clientId,
          sessionTimeout,
          rebalanceTimeout,
          protocolType,
          protocols: protocols ?? [],
          mustKnowId: version >= 4,
        });
    return (response) => {
      if (version >= 2) response.int32(0);
      response.int16(result.code).int32(result.generation).string(result.protocol);
      response.string(result.leader).string(result.memberId);
      response.array(result.members, ({ id, instanceId: instance, metadata }) => {
        response.string(id);
        if (version >= 5) response.string(instance);
        response.bytes(metadata).tags();
      });
      response.tags();
    };
  },
};

/** What no group takes, whoever is in it. */
function refusalOf(groupId: string, sessionTimeout: number): KafkaErrorCode | undefined {
  if (groupId === '') return errorCodes.invalidGroupId;
  const [shortest, longest] = limits.sessionTimeout;
  return sessionTimeout < shortest || sessionTimeout > longest ? errorCodes.invalidSessionTimeout : undefined;
}

/** Group, generation and member, as several requests begin. */
function readMember(request: WireReader, version: number, session: Session) {
  const group = session.groups.group(request.string());
  const generation = request.int32();
  const memberId = request.string();
  const instanceId = version >= 3 ? request.nullableString() : null;
  return { group, sender: { generation, memberId, instanceId } };
}

export const syncGroup: KafkaApi = {
  key: 14,
  name: 'SyncGroup',
  versions: [0, 4],
  flexibleFrom: 4,
  async handle(request, version, session) {
    const { group, sender } = readMember(request, version, session);
    const assignments = request.array(() => {
      const assignment = [request.string(), request.nullableBytes() ?? Buffer.alloc(0)] as const;
      request.tags();
      return assignment;
    });
    const { code, assignment } = await group.sync(sender, new Map(assignments ?? []));
    return (response) => {
      if (version >= 1) response.int32(0);
      response.int16(code).bytes(assignment).tags();
    };
  },
};

export const heartbeat: KafkaApi = {
  key: 12,
  name: 'Heartbeat',
  versions: [0, 4],
  flexibleFrom: 4,
  handle(request, version, session) {
    const { group, sender } = readMember(request, version, session);
    const code = group.heartbeat(sender);
    return (response) => {
      if (version >= 1) response.int32(0);
      response.int16(code).tags();
    };
  },
};

export const leaveGroup: KafkaApi = {
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 4],
  flexibleFrom: 4,
  handle(request, version, session) {
    const group = session.groups.group(request.string());
    const members = version < 3 ? [{ id: request.string(), instanceId: null }] : readLeaving(request);
    const left = members.map((member) => ({ ...member, code: group.leave(member.id, member.instanceId) }));
    const own: KafkaErrorCode = version < 3 ? (left[0]?.code ?? errorCodes.none) : errorCodes.none;
    return (response) => {
      if (version >= 1) response.int32(0);
      response.int16(own);
      if (version >= 3) {
        response.array(left, ({ id, instanceId, code }) => {
          response.string(id).string(instanceId).int16(code).tags();
        });
      }
      response.tags();
    };
  },
};

const readLeaving = (request: WireReader): { id: string; instanceId: string | null }[] =>
  request.array(() => {
    const member = { id: request.string(), instanceId: request.nullableString() };
    request.tags();
    return member;
  }) ?? [];
