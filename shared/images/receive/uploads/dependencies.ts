import type { Clock } from '../../../platform/clock.ts';
import type { UploadBytes } from './bytes.ts';
import type { UploadSessions } from './sessions.ts';
import type { UploadStates } from './state-store.ts';

/** What the use cases of resumable uploads share. */
export interface UploadDependencies {
  readonly states: UploadStates;
  readonly bytes: UploadBytes;
  readonly sessions: UploadSessions;
  readonly clock: Clock;
}
