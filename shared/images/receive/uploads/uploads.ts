import type { Incoming } from './append.ts';
import type { UploadState } from './state.ts';

export interface NewUpload {
  readonly id: string;
  readonly owner: string;
  readonly correlationId: string;
  readonly length: number | null;
  readonly metadata: string | null;
  readonly concatenation: UploadState['concatenation'];
}

export interface Uploads {
  /** Starts one; the same id again answers the one there is. Throws `rate-limited` for an owner with too many open. */
  create(upload: NewUpload): Promise<UploadState>;
  /** Undefined for another owner's; throws `upload-expired` once its time is over. */
  find(owner: string, id: string): Promise<UploadState | undefined>;
  /**
   * Writes a body at `offset`. Throws `not-found`, `conflict` (wrong offset), `forbidden` (its bytes come from partial
   * uploads), `locked`, and what `append` throws; an upload that turns out to be no image is removed.
   */
  write(
    owner: string,
    id: string,
    at: { offset: number; length?: number },
    incoming: Incoming,
  ): Promise<UploadState>;
  /** Ends requests that are writing now, so that the offset answered next stays true. */
  interrupt(owner: string, id: string): Promise<void>;
  /** Makes a complete upload's bytes a raw image (or a partial upload ready to be joined); may be repeated. */
  commit(state: UploadState): Promise<UploadState>;
  /** Writes that nothing is left to do for it. */
  settle(state: UploadState): Promise<UploadState>;
  remove(owner: string, id: string): Promise<boolean>;
  /** Takes the upload from the request that writes to it and releases its lease, so that its blobs can be deleted. */
  release(state: UploadState): Promise<void>;
  /** Joins finished partial uploads, in order, into one that is complete. */
  join(state: UploadState): Promise<UploadState>;
  /** Uploads whose time is over. */
  expired(now: Date): AsyncIterable<UploadState>;
  dropMarkers(before: Date): Promise<void>;
}
