import { atStore } from '../../../platform/blobs/failures.ts';
import { makeCreateUpload } from './create-upload.ts';
import type { UploadDependencies } from './dependencies.ts';
import { makeEndUpload } from './end-upload.ts';
import { makeStateOfUpload } from './finish-upload.ts';
import { makeJoinUploads } from './join-uploads.ts';
import { UploadSessions } from './sessions.ts';
import { requireUnexpired } from './state.ts';
import type { ExpiredUploads, Uploads } from './uploads.ts';
import { makeWriteUpload } from './write-upload.ts';

export function makeUploads(stores: Omit<UploadDependencies, 'sessions'>): Uploads {
  const { states, clock } = stores;
  const dependencies = { ...stores, sessions: new UploadSessions(stores) };
  return {
    create: makeCreateUpload(dependencies),
    async find(owner, id) {
      const found = await atStore('finding an upload', () => states.read(owner, id));
      return found && requireUnexpired(found, clock.now());
    },
    stateOf: makeStateOfUpload(dependencies),
    write: makeWriteUpload(dependencies),
    join: makeJoinUploads(dependencies),
    end: makeEndUpload(dependencies),
  };
}

export function makeExpiredUploads({
  states,
  open,
}: Pick<UploadDependencies, 'states' | 'open'>): ExpiredUploads {
  const take = ({ owner, id }: { owner: string; id: string }) =>
    atStore('taking over an upload', () => states.acquire(owner, id, 0));
  return {
    list: (now) => states.expired(now),
    async release(state) {
      const acquired = await take(state);
      if (acquired !== undefined) await states.release(acquired.state, acquired.hold);
    },
    async forget(state) {
      const acquired = await take(state);
      await atStore('removing an upload', async () => {
        if (acquired !== undefined) await states.remove(acquired.state, acquired.hold);
        await open.free(state.owner, state.id);
      });
    },
  };
}
