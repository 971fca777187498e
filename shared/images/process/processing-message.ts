import { z } from 'zod';
import { DarkroomError } from '../../platform/errors.ts';
import type { OutgoingEvent } from '../../stream/record.ts';
import { deferredKey } from './lanes.ts';

const schemaName = 'darkroom.image-processing';
const currentVersion = 1;

const envelope = z.object({ schema: z.literal(schemaName), version: z.int() });
const content = z.object({
  imageId: z.uuid().toLowerCase(),
  correlationId: z.string().min(1).max(256),
  /** What processing is estimated to take, from the header. Milliseconds. */
  estimatedMs: z.number().nonnegative().optional(),
  /** Stands for its owner, see flowOf. */
  flow: z.string().max(64).optional(),
  /** When the bulk re-run that it belongs to was asked for, so that the run can be stopped. */
  rerunAt: z.iso.datetime().optional(),
});

/** A record of the hubs that `processing` reads: ids, never bytes. */
export type ProcessingMessage = z.infer<typeof content>;

/** Order between images is of no meaning here, so no key: events of many images share a batch. */
export const processingEvent = ({
  imageId,
  correlationId,
  estimatedMs,
  flow,
  rerunAt,
}: ProcessingMessage): OutgoingEvent => ({
  value: Buffer.from(
    JSON.stringify({
      ...{ schema: schemaName, version: currentVersion, imageId, correlationId },
      ...{ estimatedMs, flow, rerunAt },
    }),
  ),
  contentType: 'application/json',
});

/** For `image-processing-slow`: an owner's images are in few of its partitions, so that those of others are elsewhere. */
export const deferredEvent = (message: ProcessingMessage): OutgoingEvent => ({
  ...processingEvent(message),
  key: deferredKey(message.flow ?? message.imageId),
});

/** Throws `message-malformed`, or `message-unsupported` for a version that a later release wrote. */
export function parseProcessingMessage(value: Uint8Array): ProcessingMessage {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value).toString('utf8'));
  } catch {
    throw new DarkroomError('message-malformed', 'The message is not JSON.');
  }
  const { success, data } = envelope.safeParse(json);
  if (!success) throw new DarkroomError('message-malformed', `The message is none of ${schemaName}.`);
  if (data.version !== currentVersion) {
    throw new DarkroomError(
      'message-unsupported',
      `Version ${data.version} of ${schemaName} is not supported here.`,
    );
  }
  const parsed = content.safeParse(json);
  if (!parsed.success) throw new DarkroomError('message-malformed', 'The message names no image.');
  return parsed.data;
}
