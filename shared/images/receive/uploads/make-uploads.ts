import { atStore } from '../../../platform/blobs/failures.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { UploadBytes } from './bytes.ts';
import { makeCreateUpload } from './create-upload.ts';
import { makeCommitUpload, makeSettleUpload } from './finish-upload.ts';
import { makeJoinUploads } from './join-uploads.ts';
import { makeReleaseUpload, makeRemoveUpload } from './remove-upload.ts';
import { UploadSessions } from './sessions.ts';
import { requireUnexpired } from './state.ts';
import type { UploadStates } from './state-store.ts';
import type { Uploads } from './uploads.ts';
import { makeWriteUpload } from './write-upload.ts';

export function makeUploads(stores: { states: UploadStates; bytes: UploadBytes; clock: Clock }): Uploads {
  const { states, clock } = stores;
  const sessions = new UploadSessions(stores);
  const dependencies = { ...stores, sessions };
  return {
    create: makeCreateUpload(dependencies),
    async find(owner, id) {
      const writing = sessions.isRunning(id) ? sessions.stateOf(owner, id) : undefined;
      const found = writing ?? (await atStore('finding an upload', () => states.read(owner, id)));
      return found && requireUnexpired(found, clock.now());
    },
    write: makeWriteUpload(dependencies),
    async interrupt(owner, id) {
      if (sessions.stateOf(owner, id) === undefined) return;
      await sessions.alone(id, 'ended', () => Promise.resolve());
    },
    commit: makeCommitUpload(dependencies),
    settle: makeSettleUpload(dependencies),
    remove: makeRemoveUpload(dependencies),
    release: makeReleaseUpload(dependencies),
    join: makeJoinUploads(dependencies),
    expired: (now) => states.expired(now),
    dropMarkers: (before) => states.dropMarkers(before),
  };
}
