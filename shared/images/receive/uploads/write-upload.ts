import { DarkroomError } from '../../../platform/errors.ts';
import { append, tooLong } from './append.ts';
import type { UploadDependencies } from './dependencies.ts';
import { removeHeld } from './remove-held.ts';
import { finishHeld } from './finish-upload.ts';
import type { Session } from './sessions.ts';
import { requireUnexpired, type UploadState } from './state.ts';
import type { Uploads } from './uploads.ts';

function requireOffset(state: UploadState, offset: number): void {
  if (state.concatenation?.kind === 'final') {
    throw new DarkroomError(
      'forbidden',
      'A final upload is joined from partial ones and takes no bytes itself.',
    );
  }
  if (state.offset === offset) return;
  throw new DarkroomError(
    'conflict',
    `The upload stands at byte ${state.offset}, not at ${offset}: go on from there.`,
    { details: { offset: state.offset } },
  );
}

function withLength(state: UploadState, length: number, maxBytes: number): UploadState {
  if (state.length === length) return state;
  if (state.length !== null || length < state.offset) {
    throw new DarkroomError(
      'invalid-request',
      state.length === null
        ? `The upload has ${state.offset} bytes already; its length cannot be less.`
        : 'The length of this upload was announced already and cannot change.',
    );
  }
  if (length > maxBytes) throw tooLong(maxBytes);
  return { ...state, length };
}

/** No image, or one that is too heavy for its type, as its first bytes tell: more of them would change nothing. */
const isHopeless = (error: unknown): boolean =>
  error instanceof DarkroomError &&
  (error.code === 'unsupported-type' ||
    (error.code === 'too-large' && error.details['contentType'] !== undefined));

/** What turns out to be none that is taken is removed at once. */
export async function orRemove(
  dependencies: UploadDependencies,
  session: Session,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isHopeless(error)) await removeHeld(dependencies, session);
    throw error;
  }
}

export function makeWriteUpload(dependencies: UploadDependencies): Uploads['write'] {
  const { sessions, clock, maxBytes } = dependencies;
  return (owner, id, { offset, length }, incoming) =>
    sessions.use(owner, id, 'write', async (session) => {
      const state = requireUnexpired(session.state, clock.now());
      requireOffset(state, offset);
      const from = length === undefined ? state : withLength(state, length, maxBytes);
      await orRemove(dependencies, session, () => append(dependencies, session, from, incoming));
      return finishHeld(dependencies, session);
    });
}
