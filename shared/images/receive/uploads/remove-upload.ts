import { atStore } from '../../../platform/blobs/failures.ts';
import type { UploadDependencies } from './dependencies.ts';
import type { Uploads } from './uploads.ts';

type Dependencies = Pick<UploadDependencies, 'states' | 'bytes' | 'sessions'>;

/** Takes the lease first, so that no other instance can complete the upload any more. */
export const makeRemoveUpload =
  ({ states, bytes, sessions }: Dependencies): Uploads['remove'] =>
  (owner, id) =>
    sessions.alone(id, 'superseded', async () => {
      const acquired = await atStore('taking over an upload', () => states.acquire(owner, id));
      sessions.forget(id);
      if (acquired === undefined) return false;
      const { state } = acquired;
      await atStore('removing an upload', async () => {
        if (state.status !== 'finished') await bytes.discard(state);
        await bytes.deletePartial(state);
        await states.remove(owner, id);
      });
      return true;
    });

export const makeReleaseUpload =
  ({ states, sessions }: Pick<Dependencies, 'states' | 'sessions'>): Uploads['release'] =>
  ({ owner, id }) =>
    sessions.alone(id, 'superseded', async () => {
      sessions.forget(id);
      await atStore('taking over an upload', async () => {
        const acquired = await states.acquire(owner, id);
        if (acquired !== undefined) await states.release(acquired.state, acquired.hold);
      });
    });
