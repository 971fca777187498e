import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { asDarkroomError, DarkroomError } from '../../platform/errors.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs } from '../../stream/hubs.ts';
import type { Log } from '../../platform/log.ts';
import { imageReceivedEvent } from '../store/image-received-event.ts';
import { sniff, sniffBytes } from '../process/header/sniff.ts';
import type { AcceptedType } from '../process/ports.ts';
import { maxBytesOf, requireWeight } from '../process/weight.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { StorageWriter } from '../store/ports.ts';

export interface ReceiveUploadOptions {
  readonly storage: Pick<StorageWriter, 'storeRaw' | 'statusOf'>;
  readonly events: EventSender;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly log: Log;
}

export interface Upload {
  readonly imageId: string;
  readonly owner: string;
  readonly correlationId: string;
  readonly fileName?: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Whether the id may be one that came before. */
  readonly mayRepeat?: boolean;
  /** Of the bytes, where it is known before they come. */
  readonly length?: number | undefined;
}

/** A client that stops in the middle is its own fault, not ours. */
async function* fromClient(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of bytes) if (chunk.byteLength > 0) yield chunk;
  } catch (cause) {
    if (cause instanceof DarkroomError) throw cause;
    throw new DarkroomError('invalid-request', 'The body ended before it was complete: send it again.', {
      cause,
    });
  }
}

/** `first`, then what `rest` still has, without a generator between, through which all bytes would go. */
function startingWith(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncIterable<Uint8Array> {
  let given = false;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        if (given) return rest.next();
        given = true;
        return Promise.resolve({ done: false, value: first });
      },
      return: (value: unknown) => rest.return(value),
    }),
  };
}

/** Takes just enough from the front to tell the type, and puts it back. */
async function peek(
  bytes: AsyncGenerator<Uint8Array>,
): Promise<{ first: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  let first = Buffer.alloc(0);
  while (first.byteLength < sniffBytes) {
    const next = await bytes.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  return { first, all: startingWith(first, bytes) };
}

function typeOf(first: Uint8Array): AcceptedType {
  if (first.byteLength === 0) {
    throw new DarkroomError('empty-body', 'There are no bytes in the body: send the image itself.');
  }
  const found = sniff(first);
  if ('type' in found) return found.type;
  throw found.refused;
}

/** How long an upload waits for the database, without which it works as well. */
const statusMs = 2_000;

/**
 * Throws `erased` where the id is of an image that was erased. What cannot be looked up now is found by the stream handler,
 * which keeps nothing of it.
 */
async function refuseErased({ storage, log }: ReceiveUploadOptions, id: string): Promise<void> {
  const status = await Promise.race([storage.statusOf(id), wait(statusMs, undefined, { ref: false })]).catch(
    (error: unknown) => {
      log.warn('upload.status-unknown', { imageId: id, reason: asDarkroomError(error).code });
    },
  );
  if (status !== 'erased') return;
  throw new DarkroomError(
    'erased',
    'The image of this Idempotency-Key was erased, and its id lives once: use a new key. GET /images/{id} answers the receipt.',
    { details: { id } },
  );
}

/**
 * Takes one uploaded image: type by its first bytes, bytes into the raw store, then the claim check on the stream.
 * When it resolves, the image is promised. Repeating an upload with its id sends the event again and changes nothing.
 */
export function makeReceiveUpload(options: ReceiveUploadOptions) {
  const { storage, events, clock, maxBytes, log } = options;
  return async (upload: Upload): Promise<void> => {
    const { imageId, owner, correlationId, fileName, bytes, length, mayRepeat = false } = upload;
    const source = fromClient(bytes);
    try {
      const { first, all } = await peek(source);
      const contentType = typeOf(first);
      requireWeight(length ?? first.byteLength, contentType, maxBytes);
      if (mayRepeat) await refuseErased(options, imageId);
      const origin: Origin = {
        ...{ imageId, owner, source: 'http', uploadedAt: clock.now(), correlationId },
        ...(fileName === undefined ? {} : { fileName }),
      };
      const stored = await storage.storeRaw(origin, contentType, all, {
        maxBytes: maxBytesOf(contentType, maxBytes),
        length,
      });
      if (stored.differs) {
        throw new DarkroomError(
          'idempotency-mismatch',
          'This Idempotency-Key came before with other bytes: use a new one.',
        );
      }
      await events.send(
        hubs.stream,
        imageReceivedEvent({ imageId, owner, correlationId, at: origin.uploadedAt }),
      );
      log.info('image.received', { imageId, correlationId, outcome: stored.outcome, bytes: stored.bytes });
    } catch (error) {
      // Not waited for: a client that has fallen silent would keep its answer from itself.
      source.return(undefined).catch(() => undefined);
      throw asDarkroomError(error);
    }
  };
}

export type ReceiveUpload = ReturnType<typeof makeReceiveUpload>;
