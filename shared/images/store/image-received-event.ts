import { datarefOf } from '../../stream/cloud-event.ts';
import { imageEventType } from '../../stream/headers.ts';
import type { OutgoingEvent } from '../../stream/record.ts';

/** The claim check that says "these bytes are stored": a structured CloudEvent, keyed by the owner where one is given. */
export function imageReceivedEvent(image: {
  imageId: string;
  owner?: string;
  correlationId: string;
  at: Date;
}): OutgoingEvent {
  const event = {
    specversion: '1.0',
    type: imageEventType,
    source: '/api/images',
    id: image.imageId,
    time: image.at.toISOString(),
    dataref: datarefOf(image.imageId),
    correlationid: image.correlationId,
  };
  const contentType = 'application/cloudevents+json';
  // In the application properties too: a trigger shows those for certain.
  return {
    ...(image.owner === undefined ? {} : { key: image.owner }),
    value: Buffer.from(JSON.stringify(event)),
    contentType,
    headers: { 'content-type': contentType },
  };
}
