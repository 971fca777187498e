import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { z } from 'zod';
import { isMissing, isTaken } from '../../../platform/blobs/failures.ts';
import { readBlob } from '../../../platform/blobs/read-blob.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { openUploadsBlob } from '../../store/blob-layout.ts';
import { uploadLimits } from './limits.ts';

const openUpload = z.object({ bytes: z.number().int().nonnegative(), expiresAt: z.iso.datetime() });
const openUploads = z.record(z.string(), openUpload);
type List = z.infer<typeof openUploads>;

/** What an owner has begun and not finished: a small blob for each owner, written only over what was read. */
export interface OpenUploads {
  /** Throws `rate-limited` when the owner would have too many of them, or too many bytes in them. */
  reserve(owner: string, upload: { id: string } & z.infer<typeof openUpload>, now: Date): Promise<void>;
  free(owner: string, id: string): Promise<void>;
}

const maxAttempts = 50;

async function read(blob: BlockBlobClient): Promise<{ list: List; etag?: string }> {
  const found = await readBlob(blob);
  if (found === undefined) return { list: {} };
  return { list: openUploads.parse(JSON.parse(found.bytes.toString())), etag: found.etag };
}

async function write(blob: BlockBlobClient, list: List, etag: string | undefined): Promise<void> {
  const conditions = etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag };
  const text = JSON.stringify(list);
  if (text !== '{}') await blob.upload(text, text.length, { conditions });
  else if (etag !== undefined) await blob.delete({ conditions });
}

/** Applies a change to what is there; when another instance was faster, to what that left. */
async function update(blob: BlockBlobClient, change: (list: List) => List): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { list, etag } = await read(blob);
    try {
      await write(blob, change(list), etag);
      return;
    } catch (error) {
      if (!isTaken(error) && !isMissing(error)) throw error;
    }
    await sleep(Math.random() * 20 * (attempt + 1));
  }
  throw new DarkroomError('unavailable', 'Too many uploads of yours begin at this moment; try again.');
}

function requireRoom(list: List): void {
  const { maxOpenUploads, maxOpenBytes } = uploadLimits;
  const open = Object.values(list);
  const bytes = open.reduce((sum, upload) => sum + upload.bytes, 0);
  if (open.length <= maxOpenUploads && bytes <= maxOpenBytes) return;
  throw new DarkroomError(
    'rate-limited',
    `You may have ${maxOpenUploads} unfinished uploads of ${maxOpenBytes} bytes together: finish or end one first. Each ends by itself after a day.`,
    { details: { maxOpenUploads, maxOpenBytes } },
  );
}

export function makeOpenUploads(container: ContainerClient): OpenUploads {
  const turns = new Map<string, Promise<unknown>>();

  /** One after the other for an owner, so that only other instances can be in the way. */
  async function inTurn(owner: string, change: (list: List) => List): Promise<void> {
    const run = () => update(container.getBlockBlobClient(openUploadsBlob(owner)), change);
    const turn = (turns.get(owner) ?? Promise.resolve()).then(run, run);
    turns.set(owner, turn);
    try {
      await turn;
    } finally {
      if (turns.get(owner) === turn) turns.delete(owner);
    }
  }

  return {
    reserve: (owner, { id, ...upload }, now) =>
      inTurn(owner, (list) => {
        const living = Object.entries(list).filter(([, { expiresAt }]) => new Date(expiresAt) > now);
        const reserved = { ...Object.fromEntries(living), [id]: upload };
        requireRoom(reserved);
        return reserved;
      }),
    free: (owner, id) =>
      inTurn(owner, (list) => Object.fromEntries(Object.entries(list).filter(([open]) => open !== id))),
  };
}
