import { randomInt } from 'node:crypto';
import type { KafkaApi } from '../api.ts';
import { errorCodes } from '../error-codes.ts';

/** Ids are drawn, not counted, so that none need be kept to never be given twice, over restarts too. */
const idLimit = 2 ** 47;

/**
 * Without a transactional id each request gets a new id with epoch 0, as Kafka's coordinator does: what the request
 * says of an id it had (some clients send 0) does not count.
 */
export const initProducerId: KafkaApi = {
  key: 22,
  name: 'InitProducerId',
  versions: [0, 4],
  flexibleFrom: 2,
  handle(request) {
    const isTransactional = request.nullableString() !== null;
    return (response) => {
      response.int32(0);
      response.int16(isTransactional ? errorCodes.transactionalIdAuthorizationFailed : errorCodes.none);
      response.int64(isTransactional ? -1 : randomInt(1, idLimit)).int16(isTransactional ? -1 : 0);
      response.tags();
    };
  },
};
