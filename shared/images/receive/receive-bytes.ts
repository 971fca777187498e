import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { inStage } from '../../stream/stage-failure.ts';
import type { AcceptedType } from '../process/ports.ts';
import { isRejection } from '../process/rejections.ts';
import type { RawFacts, StorageWriter } from '../store/ports.ts';
import { verifyDigest, type AcceptImage } from './accept-image.ts';
import { checkImage } from './check-image.ts';

export interface ReceiveBytesOptions {
  readonly storage: Pick<StorageWriter, 'rawOrigin' | 'storeRaw'>;
  readonly acceptImage: AcceptImage;
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** What was learnt of bytes before they were refused. */
interface Seen {
  contentType?: AcceptedType;
}

/** Takes the bytes of an image that came with its record; `sha256` is what the producer announced. */
export function makeReceiveBytes({ storage, acceptImage, maxBytes, maxPixels }: ReceiveBytesOptions) {
  async function check(bytes: Uint8Array, sha256: string | undefined, seen: Seen): Promise<RawFacts> {
    if (bytes.byteLength > maxBytes)
      throw new DarkroomError('too-large', `An image may have ${maxBytes} bytes.`);
    const facts = await checkImage([bytes], maxPixels, seen);
    verifyDigest(facts, sha256);
    return facts;
  }

  /** Bytes that are no image, or not the announced ones, change nothing about an image that came under this id. */
  async function refuse(origin: Origin, error: unknown, seen: Seen & { bytes: number }): Promise<void> {
    const first = await storage.rawOrigin(origin.imageId);
    if (first !== undefined) await acceptImage.checkStored(first);
    else if (isRejection(error)) await acceptImage.reject(origin, error, seen);
    else throw error;
  }

  async function store(origin: Origin, bytes: Uint8Array, facts: RawFacts): Promise<void> {
    const { outcome } = await inStage('store', origin, () =>
      storage.storeRaw(origin, facts.contentType, bytes, { maxBytes }),
    );
    // Stored before, by a redelivery or by a producer's retry: what is there counts, and when it came.
    const first = outcome === 'exists' ? await storage.rawOrigin(origin.imageId) : undefined;
    await inStage('check', origin, () =>
      first === undefined ? acceptImage.record(origin, facts) : acceptImage.checkStored(first),
    );
  }

  return async (origin: Origin, bytes: Uint8Array, sha256: string | undefined): Promise<void> => {
    const seen: Seen = {};
    let facts: RawFacts;
    try {
      facts = await check(bytes, sha256, seen);
    } catch (error) {
      await refuse(origin, error, { ...seen, bytes: bytes.byteLength });
      return;
    }
    await store(origin, bytes, facts);
  };
}
