import { errorCatalog, type ErrorCode } from '../platform/errors.ts';
import type { IncomingRecord, OutgoingEvent } from './record.ts';

export type RecordPlace = Pick<IncomingRecord, 'partition' | 'offset' | 'sequenceNumber' | 'enqueuedAt'>;

/**
 * What the sender of a record is told that says nothing about the image which has its id: where the record is, as the produce
 * was answered, and why. No id, key or digest, for they may be another sender's, or of what was erased.
 */
export function refusedRecord(record: RecordPlace, code: ErrorCode, at: Date): OutgoingEvent {
  const { partition, offset, sequenceNumber, enqueuedAt } = record;
  const sourceId = `${partition}/${sequenceNumber ?? offset}`;
  const event = {
    specversion: '1.0',
    type: 'darkroom.record.refused',
    source: '/api/images',
    id: `${sourceId}/refused/${enqueuedAt.toISOString()}`,
    subject: sourceId,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data: {
      ...{ imageId: null, source: null, sourceId, key: null },
      reason: { code, message: errorCatalog[code].title },
    },
  };
  return {
    key: sourceId,
    value: Buffer.from(JSON.stringify(event)),
    contentType: 'application/cloudevents+json',
  };
}
