import { atStore } from '../../../platform/blobs/failures.ts';
import { DarkroomError } from '../../../platform/errors.ts';
import { cleanFileName } from '../../../platform/file-name.ts';
import type { Origin } from '../../../platform/image-origin.ts';
import { rawMetadata } from '../../store/raw-metadata.ts';
import type { UploadDependencies } from './dependencies.ts';
import { removeHeld } from './remove-held.ts';
import { noSuchUpload, type Session } from './sessions.ts';
import { requireUnexpired, type UploadState } from './state.ts';
import type { Uploads } from './uploads.ts';

/** As clients call it: tus-js-client `filename`, Uppy and others `name`. */
function fileNameOf({ metadata }: UploadState): Pick<Origin, 'fileName'> {
  const valueOf = (key: string): string | undefined =>
    new RegExp(`(?:^|,)\\s*${key} ([^,]*)`).exec(metadata ?? '')?.[1];
  const encoded = valueOf('filename') ?? valueOf('name') ?? '';
  const fileName = cleanFileName(Buffer.from(encoded, 'base64').toString());
  return fileName === undefined ? {} : { fileName };
}

/** The image that an upload becomes. Its seven days count from the first byte that was stored. */
const originOf = (state: UploadState): Origin => ({
  imageId: state.id,
  owner: state.owner,
  source: 'tus',
  uploadedAt: new Date(state.createdAt),
  correlationId: state.correlationId,
  ...fileNameOf(state),
});

/**
 * Makes an upload whose bytes are all here an image, as a POST does: commit, then announce, then write that it is
 * finished. Each step may be repeated, so the next request finishes what a killed host began.
 */
export async function finishHeld(dependencies: UploadDependencies, session: Session): Promise<UploadState> {
  const { states, bytes, open, announce } = dependencies;
  const { state, hold } = session;
  if (state.status !== 'complete') return state;
  const isPartial = state.concatenation?.kind === 'partial';
  await atStore('making an upload an image', () => bytes.commit(state, rawMetadata(originOf(state))));
  if (!isPartial) await announce(state);
  session.state = { ...state, status: 'finished' };
  await atStore('keeping the state of an upload', () => states.write(session.state, hold));
  // A partial upload counts until it is joined or ended: nobody has an image for its bytes.
  if (!isPartial) await atStore('counting uploads', () => open.free(state.owner, state.id));
  if (state.concatenation?.kind === 'final') await removePartials(dependencies, state);
  return session.state;
}

async function removePartials(dependencies: UploadDependencies, final: UploadState): Promise<void> {
  if (final.concatenation?.kind !== 'final') return;
  for (const id of new Set(final.concatenation.partials)) {
    try {
      await dependencies.sessions.use(final.owner, id, 'end', (partial) => removeHeld(dependencies, partial));
    } catch (error) {
      if (!(error instanceof DarkroomError && error.code === 'not-found')) throw error;
    }
  }
}

/** Ends a request that writes here, so that the offset that is answered stays true, and finishes what is complete. */
export const makeStateOfUpload =
  (dependencies: UploadDependencies): Uploads['stateOf'] =>
  (owner, id) => {
    const { sessions, states, clock } = dependencies;
    return sessions.alone(owner, id, 'ask', async (request) => {
      const state = await atStore('finding an upload', () => states.read(owner, id));
      if (state === undefined) throw noSuchUpload();
      if (state.status !== 'complete') return requireUnexpired(state, clock.now());
      try {
        return await sessions.hold(owner, id, 'ask', request, (session) => finishHeld(dependencies, session));
      } catch (error) {
        // Another instance is finishing it: the offset is the same.
        if (error instanceof DarkroomError && error.code === 'locked') return state;
        throw error;
      }
    });
  };
