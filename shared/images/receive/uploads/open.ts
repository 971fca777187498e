import type { BlobServiceClient } from '@azure/storage-blob';
import { containers } from '../../../platform/blobs/containers.ts';
import { makeUploadBytes } from './bytes.ts';
import type { UploadSettings } from './dependencies.ts';
import { makeExpiredUploads, makeUploads } from './make-uploads.ts';
import { makeOpenUploads } from './open-uploads.ts';
import { makeUploadStates } from './state-store.ts';
import type { ExpiredUploads, Uploads } from './uploads.ts';

function storesOf(service: BlobServiceClient) {
  const uploads = service.getContainerClient(containers.uploads);
  const raw = service.getContainerClient(containers.raw);
  return {
    states: makeUploadStates(uploads),
    open: makeOpenUploads(uploads),
    bytes: makeUploadBytes({ raw, uploads }),
  };
}

/** Resumable uploads of one account, written as the storage writer. */
export const openUploads = (service: BlobServiceClient, settings: UploadSettings): Uploads =>
  makeUploads({ ...storesOf(service), ...settings });

/** Those whose time is over, for the sweep. */
export const openExpiredUploads = (service: BlobServiceClient): ExpiredUploads =>
  makeExpiredUploads(storesOf(service));
