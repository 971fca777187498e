import pLimit from 'p-limit';
import type { ImageSource } from '../../platform/image-origin.ts';
import { deleteAtOf } from '../../platform/retention.ts';
import { headerTexts } from '../../stream/headers.ts';
import type { DeadRecord } from '../../stream/record.ts';
import { unframeRecord } from '../../stream/record-frame.ts';
import type { Database } from '../../database/port.ts';
import type { ExpiredUploads } from '../receive/uploads/uploads.ts';
import type { UploadState } from '../receive/uploads/state.ts';
import type { DeadLetterPayloads } from '../store/dead-letter-payloads.ts';
import type { Inventory } from '../store/inventory.ts';
import type { StorageWriter } from '../store/ports.ts';
import type { Erase } from './erase.ts';
import type { ErasureTarget } from './erasure-target.ts';

export interface UploaderDependencies {
  readonly database: Database;
  readonly inventory: Inventory;
  readonly uploads: ExpiredUploads;
  readonly storage: Pick<StorageWriter, 'chunkSets'>;
  readonly payloads: DeadLetterPayloads;
  readonly erase: Erase;
}

/** The record of a dead letter, by its claim check: up to a megabyte, which stays in the store. */
export interface UploaderRecord {
  readonly claimCheck: string;
  readonly imageId: string | null;
  readonly enqueuedAt: Date;
}

/** Everything that is kept under one uploader's id. */
export interface UploaderTraces {
  /** Also of bytes without a row, and of chunks that are still coming. */
  readonly images: readonly ErasureTarget[];
  /** Resumable uploads; their metadata hold the names that the files had. */
  readonly uploads: readonly UploadState[];
  readonly records: readonly UploaderRecord[];
}

export interface UploaderErasure {
  readonly erased: readonly string[];
  readonly blobs: number;
  readonly bytes: number;
  readonly uploads: number;
  readonly records: number;
  readonly failed: ReadonlyMap<string, unknown>;
  /** True when it stopped at its deadline with more to do. */
  readonly unfinished: boolean;
}

/** Later than any upload ends. */
const endOfTime = new Date(8.64e15);
/** Images between two looks at the deadline. */
const sliceSize = 200;
/** Records of dead letters that are read at once. */
const parallelReads = 16;

/** A key says whose a record is, else the subject of its event: in a header, or in the JSON that a record may be. */
function senderOf({ key, headers, value }: DeadRecord): string | undefined {
  if (key !== undefined) return key;
  try {
    const subject = headerTexts(headers).get('ce_subject');
    if (subject !== undefined) return subject;
    const event = JSON.parse(Buffer.from(value).toString()) as { subject?: unknown } | null;
    return typeof event?.subject === 'string' ? event.subject : undefined;
  } catch {
    return undefined;
  }
}

/** Finds everything of an uploader, and erases it: images with receipts of their own, then what belongs to no image. */
export function makeUploader(dependencies: UploaderDependencies) {
  const { database, inventory, uploads, storage, payloads, erase } = dependencies;

  async function findImages(owner: string): Promise<ErasureTarget[]> {
    const found = new Map<string, ErasureTarget>();
    const where = [{ column: 'owner', operator: '=', value: owner }] as const;
    for await (const rows of database.stream('storage_writer', 'images', { where })) {
      // SQL Server finds an owner in any case of letters.
      for (const row of rows.filter((one) => one.owner === owner)) {
        const { image_id: imageId, uploaded_at: uploadedAt, delete_at: deleteAt, bytes } = row;
        const source = row.source as ImageSource;
        found.set(imageId, { imageId, uploadedAt, deleteAt, bytes, source });
      }
    }
    const add = (imageId: string, uploadedAt: Date): void => {
      if (!found.has(imageId)) found.set(imageId, { imageId, uploadedAt, deleteAt: deleteAtOf(uploadedAt) });
    };
    for await (const blobs of inventory.rawPages()) {
      for (const { imageId, origin } of blobs) if (origin?.owner === owner) add(imageId, origin.uploadedAt);
    }
    for await (const { origin } of storage.chunkSets()) {
      if (origin.owner === owner) add(origin.imageId, origin.uploadedAt);
    }
    return [...found.values()];
  }

  /** Undefined when it is gone, or cannot be read. */
  async function open(claimCheck: string): Promise<DeadRecord | undefined> {
    const bytes = await payloads.read(claimCheck);
    try {
      return bytes && unframeRecord(bytes);
    } catch {
      return undefined;
    }
  }

  async function findRecords(owner: string): Promise<UploaderRecord[]> {
    const found: UploaderRecord[] = [];
    const limit = pLimit(parallelReads);
    for await (const rows of database.stream('storage_writer', 'dead_letter_payloads')) {
      await limit.map(rows, async ({ claim_check: claimCheck, image_id: imageId }) => {
        const record = await open(claimCheck!);
        if (record === undefined || senderOf(record) !== owner) return;
        found.push({ claimCheck: claimCheck!, imageId, enqueuedAt: record.enqueuedAt });
      });
    }
    return found;
  }

  async function find(owner: string): Promise<UploaderTraces> {
    const states: UploadState[] = [];
    for await (const state of uploads.list(endOfTime)) if (state.owner === owner) states.push(state);
    return { images: await findImages(owner), uploads: states, records: await findRecords(owner) };
  }

  async function eraseUpload(state: UploadState, actor: string): Promise<ReadonlyMap<string, unknown>> {
    const isImage = state.status === 'finished' && state.concatenation?.kind !== 'partial';
    if (!isImage) {
      await uploads.release(state);
      const [uploadedAt, deleteAt] = [new Date(state.createdAt), new Date(state.expiresAt)];
      const { failed } = await erase([{ imageId: state.id, uploadedAt, deleteAt }], 'erasure', actor);
      if (failed.size > 0) return failed;
    }
    await uploads.forget(state);
    return new Map();
  }

  async function eraseAll(
    { images, uploads: states, records }: UploaderTraces,
    actor: string,
    until: number,
  ): Promise<UploaderErasure> {
    const failed = new Map<string, unknown>();
    const erased: string[] = [];
    let [blobs, bytes, ended] = [0, 0, 0];
    // First what is still being sent, which would become an image.
    for (const state of states) {
      const failures = await eraseUpload(state, actor);
      for (const [id, error] of failures) failed.set(id, error);
      if (failures.size === 0) ended += 1;
    }
    let next = 0;
    for (; next < images.length && Date.now() < until; next += sliceSize) {
      const slice = images.slice(next, next + sliceSize);
      const done = await erase(slice, 'erasure', actor);
      for (const [id, error] of done.failed) failed.set(id, error);
      erased.push(...slice.map(({ imageId }) => imageId).filter((id) => !done.failed.has(id)));
      blobs += done.blobs;
      bytes += done.bytes;
    }
    const claimChecks = records.map(({ claimCheck }) => claimCheck);
    await inventory.deleteDeadLetterPayloads(claimChecks);
    await database.execute(
      'storage_writer',
      'forget_dead_letter_payloads',
      { claim_checks: claimChecks },
      { actor },
    );
    const unfinished = next < images.length;
    return { erased, blobs, bytes, uploads: ended, records: records.length, failed, unfinished };
  }

  return { find, open, erase: eraseAll };
}

export type Uploader = ReturnType<typeof makeUploader>;
