import { atStore } from '../../../platform/blobs/failures.ts';
import type { UploadDependencies } from './dependencies.ts';
import type { Session } from './sessions.ts';

/** Under the lease, so that no other request can complete the upload any more. */
export async function removeHeld(
  { states, bytes, open }: Pick<UploadDependencies, 'states' | 'bytes' | 'open'>,
  { state, hold }: Session,
): Promise<void> {
  await atStore('removing an upload', async () => {
    if (state.status !== 'finished') await bytes.discard(state);
    await bytes.deletePartial(state);
    await states.remove(state, hold);
    await open.free(state.owner, state.id);
  });
}
