import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { append, type Incoming } from './append.ts';
import type { UploadDependencies } from './dependencies.ts';
import type { Session } from './sessions.ts';
import type { UploadState } from './state.ts';

/** Appends; what turns out to be no image is removed at once. */
export async function appendOrDiscard(
  dependencies: UploadDependencies,
  session: Session,
  incoming: Incoming,
): Promise<UploadState> {
  try {
    await append(dependencies, session, incoming);
    return session.state;
  } catch (error) {
    if (error instanceof DarkroomError && error.code === 'unsupported-type')
      await discard(dependencies, session.state);
    throw error;
  }
}

async function discard({ states, bytes, sessions }: UploadDependencies, state: UploadState): Promise<void> {
  await atStore('removing an upload', async () => {
    await bytes.discard(state);
    await states.remove(state.owner, state.id);
  });
  sessions.forget(state.id);
}
