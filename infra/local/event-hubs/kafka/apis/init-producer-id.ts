import { randomInt } from 'node:crypto';
import type { KafkaApi } from '../api.ts';
import { errorCodes } from '../error-codes.ts';

/** Ids are drawn, not counted, so that none need be kept to never be given twice. */
const idLimit = 2 ** 47;
const maxEpoch = 32_766;

export const initProducerId: KafkaApi = {
  key: 22,
  name: 'InitProducerId',
  versions: [0, 4],
  flexibleFrom: 2,
  handle(request, version) {
    const isTransactional = request.nullableString() !== null;
    request.int32();
    const current = version >= 3 ? { id: request.int64(), epoch: request.int16() } : { id: -1, epoch: -1 };
    const canBump = current.id >= 0 && current.epoch < maxEpoch;
    const next = canBump
      ? { id: current.id, epoch: current.epoch + 1 }
      : { id: randomInt(1, idLimit), epoch: 0 };
    return (response) => {
      response.int32(0);
      response.int16(isTransactional ? errorCodes.transactionalIdAuthorizationFailed : errorCodes.none);
      response.int64(isTransactional ? -1 : next.id).int16(isTransactional ? -1 : next.epoch);
      response.tags();
    };
  },
};
