import type { Clock } from '../../../platform/clock.ts';
import type { UploadBytes } from './bytes.ts';
import type { OpenUploads } from './open-uploads.ts';
import type { UploadSessions } from './sessions.ts';
import type { UploadState } from './state.ts';
import type { UploadStates } from './state-store.ts';

export interface UploadSettings {
  readonly clock: Clock;
  /** One image may have. */
  readonly maxBytes: number;
  /** Tells the pipeline that the bytes of a raw image are there; may be repeated. */
  readonly announce: (state: UploadState) => Promise<void>;
}

/** What the use cases of resumable uploads share. */
export interface UploadDependencies extends UploadSettings {
  readonly states: UploadStates;
  readonly bytes: UploadBytes;
  readonly open: OpenUploads;
  readonly sessions: UploadSessions;
}
