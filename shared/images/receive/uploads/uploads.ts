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

/** Whatever has all its bytes after one of these is finished by it: an image, or a partial upload ready to be joined. */
export interface Uploads {
  /**
   * Starts one, with its first bytes where they came along; the same id again answers the one there is. Throws
   * `rate-limited` for an owner with too many open. One that fails leaves nothing, since nobody knows its address.
   */
  create(upload: NewUpload, incoming?: Incoming): Promise<UploadState>;
  /** Undefined for another owner's; throws `upload-expired` once its time is over. */
  find(owner: string, id: string): Promise<UploadState | undefined>;
  /** For the client that lost an answer: ends a request that writes to it here. Throws `not-found`, `upload-expired`. */
  stateOf(owner: string, id: string): Promise<UploadState>;
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
  /** Joins finished partial uploads, in order. */
  join(state: UploadState): Promise<UploadState>;
  /** Ends it and its bytes. Throws `not-found`, and `wrong-state` for what is an image. */
  end(owner: string, id: string): Promise<void>;
}

/** Uploads whose time is over. */
export interface ExpiredUploads {
  list(now: Date): AsyncIterable<UploadState>;
  /** Takes the upload from the request that writes to it and releases its lease, so that its blobs can be deleted. */
  release(state: UploadState): Promise<void>;
  /** Deletes its state, where it is still there. */
  forget(state: UploadState): Promise<void>;
}
