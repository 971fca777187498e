import { createHash } from 'node:crypto';
import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { inStage } from '../../stream/stage-failure.ts';
import type { AcceptedType } from '../process/ports.ts';
import { isRejection } from '../process/rejections.ts';
import type { RawFacts, StorageWriter } from '../store/ports.ts';
import { verifyDigest, type AcceptImage, type StoredOrigin } from './accept-image.ts';
import { checkImage } from './check-image.ts';
import { refuseErased } from './id-erased.ts';
import { idReused } from './id-reused.ts';

export interface ReceiveBytesOptions {
  readonly storage: Pick<StorageWriter, 'rawOrigin' | 'digestOf' | 'storeRaw'>;
  readonly acceptImage: AcceptImage;
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** Takes the bytes of an image that came with its record; `announced` is the sha256 that its producer gave. */
export function makeReceiveBytes({ storage, acceptImage, maxBytes, maxPixels }: ReceiveBytesOptions) {
  async function check(
    bytes: Uint8Array,
    announced: string | undefined,
    seen: { contentType?: AcceptedType },
  ): Promise<RawFacts> {
    if (bytes.byteLength > maxBytes)
      throw new DarkroomError('too-large', `An image may have ${maxBytes} bytes.`);
    const facts = await checkImage([bytes], maxPixels, seen);
    verifyDigest(facts, announced);
    return facts;
  }

  /** Bytes came under this id before, by a redelivery or a producer's retry: they count, and when they came. */
  async function comeAgain(origin: Origin, first: StoredOrigin, given: string): Promise<void> {
    refuseErased(await acceptImage.checkStored(first));
    const stored = first.sha256 ?? (await storage.digestOf(origin.imageId)) ?? given;
    if (first.owner !== origin.owner || stored !== given) throw idReused(stored, given);
  }

  async function store(origin: Origin, bytes: Uint8Array, facts: RawFacts): Promise<void> {
    const { outcome } = await inStage('store', origin, () =>
      storage.storeRaw(origin, facts.contentType, bytes, { maxBytes }),
    );
    const first = outcome === 'exists' ? await storage.rawOrigin(origin.imageId) : undefined;
    if (outcome === 'exists' && first === undefined)
      throw new DarkroomError('unavailable', 'The bytes under this id went while they were looked at.');
    await inStage('check', origin, async () => {
      if (first === undefined) refuseErased(await acceptImage.record(origin, facts));
      else await comeAgain(origin, first, facts.sha256);
    });
  }

  return async (origin: Origin, bytes: Uint8Array, announced: string | undefined): Promise<void> => {
    const seen: { contentType?: AcceptedType } = {};
    let facts: RawFacts;
    try {
      facts = await check(bytes, announced, seen);
    } catch (error) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const first = await storage.rawOrigin(origin.imageId);
      if (first !== undefined) await comeAgain(origin, first, sha256);
      else if (!isRejection(error)) throw error;
      else {
        verifyDigest({ sha256 }, announced);
        refuseErased(await acceptImage.reject(origin, error, { ...seen, bytes: bytes.byteLength, sha256 }));
      }
      return;
    }
    await store(origin, bytes, facts);
  };
}
