import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import type { Origin } from '../../../platform/image-origin.ts';
import { rawMetadata } from '../../store/raw-metadata.ts';
import type { UploadDependencies } from './dependencies.ts';
import type { UploadState } from './state.ts';
import type { Uploads } from './uploads.ts';

/** The image that an upload becomes. Its seven days count from the first byte that was stored. */
const originOf = (state: UploadState): Origin => ({
  imageId: state.id,
  owner: state.owner,
  source: 'tus',
  uploadedAt: new Date(state.createdAt),
  correlationId: state.correlationId,
});

export const makeCommitUpload =
  ({ bytes }: Pick<UploadDependencies, 'bytes'>): Uploads['commit'] =>
  async (state) => {
    if (state.status === 'open') throw new DarkroomError('wrong-state', 'The upload is not complete.');
    if (state.status === 'complete') {
      await atStore('making an upload an image', () => bytes.commit(state, rawMetadata(originOf(state))));
    }
    return state;
  };

/** Releases the lease too: from here on nobody writes to the upload. */
export const makeSettleUpload =
  ({ states, sessions }: Pick<UploadDependencies, 'states' | 'sessions'>): Uploads['settle'] =>
  async (state) => {
    if (state.status === 'finished') return state;
    const { owner, id } = state;
    return sessions.use({ owner, id }, async (session) => {
      const finished: UploadState = { ...session.state, status: 'finished' };
      await atStore('keeping the state of an upload', async () => {
        await states.write(finished, session.hold);
        await states.release(finished, session.hold);
      });
      sessions.forget(id);
      return finished;
    });
  };
