import { createHash, randomUUID } from 'node:crypto';
import { systemClock } from '../../shared/platform/clock.ts';
import { openDatabase } from '../../shared/database/open.ts';
import { makeErase } from '../../shared/images/erase/erase.ts';
import { makeNoteKey, noteSigner } from '../../shared/images/erase/ledger/signed-note.ts';
import { noCdn } from '../../shared/images/erase/cdn.ts';
import { makePurge } from '../../shared/images/erase/purge.ts';
import { makeLog } from '../../shared/platform/log.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { makeErasureStore, type ErasureStore } from '../../shared/images/store/erasure-store.ts';
import { makeStorageWriter } from '../../shared/images/store/writer.ts';
import { startStores, type TestStores } from '../support/stores.ts';
import type { Bench, Case } from './harness/bench.ts';
import { benchPicture } from './support/picture.ts';
import { times } from './support/whole-stack.ts';

const writersAtOnce = 16;
const week = 7 * 24 * 3_600_000;
const log = makeLog(() => undefined);

let stores: TestStores | undefined;
let closeDatabase: (() => Promise<void>) | undefined;

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const picture = image === undefined ? undefined : await benchPicture(image);
  const opened = await startStores();
  stores = opened;
  const database = openDatabase({ DARKROOM_DATABASE: opened.database });
  closeDatabase = () => database.close();
  const blobs = blobService(opened.storage);
  const clock = systemClock;
  const writer = makeStorageWriter({ blobs, database, clock });
  const store = makeErasureStore(blobs);
  /** Milliseconds that the blob store took to delete, of the purge that runs. */
  let deleting = 0;
  const timedStore: ErasureStore = {
    ...store,
    async remove(...asked) {
      const began = performance.now();
      try {
        return await store.remove(...asked);
      } finally {
        deleting += performance.now() - began;
      }
    },
  };
  const erase = makeErase({
    store: timedStore,
    database,
    cdn: noCdn,
    clock,
    signer: noteSigner(makeNoteKey('bench')),
  });
  const purge = makePurge({ database, erase, clock, log });

  /** Small unless a file is given: what an erasure costs hangs on the number of things, not on their size. */
  async function storeDue(): Promise<void> {
    const imageId = randomUUID();
    const uploadedAt = new Date(Date.now() - week - 60_000);
    const origin = { imageId, owner: 'bench', source: 'http' as const, uploadedAt, correlationId: imageId };
    const { bytes, contentType } = picture ?? { bytes: Buffer.from(imageId), contentType: 'image/png' };
    await writer.storeRaw(origin, contentType, bytes, { maxBytes: bytes.length });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const facts = { contentType, bytes: bytes.length, width: 1, height: 1, sha256 } as const;
    await writer.recordStored(origin, facts);
  }

  /** Milliseconds for an image: all of it, and without what the blob store took. */
  async function perImage(due: number): Promise<{ whole: number; own: number }> {
    await times(due, writersAtOnce, storeDue);
    deleting = 0;
    const began = performance.now();
    const { erased, failed } = await purge();
    const took = performance.now() - began;
    if (erased !== due || failed > 0) throw new Error(`${erased} of ${due} were erased, ${failed} failed.`);
    return { whole: took / due, own: (took - deleting) / due };
  }

  /** Both cases are of the same purges. */
  const measured = new Map<number, Promise<{ whole: number; own: number }>>();
  const once = (due: number) => {
    const known = measured.get(due) ?? perImage(due);
    measured.set(due, known);
    return known;
  };
  const caseOf = (name: string, part: 'whole' | 'own'): Case => ({
    name,
    unit: 'growth',
    runs: 1,
    warmUps: 0,
    contenders: {
      '500 due': async () => (await once(500))[part],
      '5000 due': async () => (await once(5_000))[part],
    },
    compare: [['5000 due', '500 due']],
  });
  return [
    caseOf('milliseconds for an image, without the deletes of the blob store', 'own'),
    caseOf('milliseconds for an image, all of it, on Azurite', 'whole'),
  ];
}

export default {
  about: 'erasing an image when 5,000 are due, against when 500 are',
  cases,
  async close() {
    await closeDatabase?.();
    await stores?.stop();
  },
} satisfies Bench;
