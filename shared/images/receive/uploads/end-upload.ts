import { DarkroomError } from '../../../platform/errors.ts';
import type { UploadDependencies } from './dependencies.ts';
import { finishHeld } from './finish-upload.ts';
import { removeHeld } from './remove-held.ts';
import type { Session } from './sessions.ts';
import type { Uploads } from './uploads.ts';

/** What has all its bytes is finished first: an image is never left behind an upload that seems to be gone. */
export const makeEndUpload =
  (dependencies: UploadDependencies): Uploads['end'] =>
  (owner, id) =>
    dependencies.sessions.use(owner, id, 'end', async (session) => {
      await finishUnlessLost(dependencies, session);
      const { status, concatenation } = session.state;
      if (status === 'finished' && concatenation?.kind !== 'partial') {
        throw new DarkroomError(
          'wrong-state',
          `This upload is an image now: erase it with DELETE /api/images/${id}.`,
        );
      }
      await removeHeld(dependencies, session);
    });

/** One whose bytes the store no longer has will never be an image. */
async function finishUnlessLost(dependencies: UploadDependencies, session: Session): Promise<void> {
  try {
    await finishHeld(dependencies, session);
  } catch (error) {
    if (!(error instanceof DarkroomError && error.code === 'upload-expired')) throw error;
  }
}
