import { newProducerId } from '../../log/producer-states.ts';
import type { KafkaApi } from '../api.ts';
import { errorCodes } from '../error-codes.ts';

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
      response.int64(isTransactional ? -1 : newProducerId()).int16(isTransactional ? -1 : 0);
      response.tags();
    };
  },
};
