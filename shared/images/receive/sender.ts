import type { Sender } from '../../platform/image-origin.ts';
import type { IncomingRecord } from '../../stream/record.ts';

/** As far as a store can keep it: PostgreSQL has no U+0000, and half a character is none. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

export const namedBy = (id: string, source?: string): Sender => ({
  id: storable(id),
  ...(source === undefined ? {} : { source: storable(source) }),
});

/** A record that names nothing is known to its producer by where the hub put it: partition and, as Kafka counts, offset. */
export const placeOf = ({ partition, offset, sequenceNumber }: IncomingRecord): Sender => ({
  id: `${partition}/${sequenceNumber ?? offset}`,
});
