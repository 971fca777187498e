import type { BlobServiceClient } from '@azure/storage-blob';
import type { Clock } from '../../../platform/clock.ts';
import { containers } from '../../../platform/blobs/containers.ts';
import { makeUploadBytes } from './bytes.ts';
import { makeUploadStates } from './state-store.ts';
import { makeUploads } from './make-uploads.ts';
import type { Uploads } from './uploads.ts';

/** Resumable uploads of one account, written as the storage writer. */
export function openUploads(service: BlobServiceClient, clock: Clock): Uploads {
  const uploads = service.getContainerClient(containers.uploads);
  const raw = service.getContainerClient(containers.raw);
  return makeUploads({
    states: makeUploadStates(uploads),
    bytes: makeUploadBytes({ raw, uploads }),
    clock,
  });
}
