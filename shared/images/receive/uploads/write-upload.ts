import { DarkroomError } from '../../../platform/errors.ts';
import { appendOrDiscard } from './append-or-discard.ts';
import type { UploadDependencies } from './dependencies.ts';
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

function withLength(state: UploadState, length: number): UploadState {
  if (state.length !== null && state.length !== length) {
    throw new DarkroomError(
      'invalid-request',
      'The length of this upload was announced already and cannot change.',
    );
  }
  return { ...state, length, status: state.offset === length ? 'complete' : state.status };
}

export function makeWriteUpload(dependencies: UploadDependencies): Uploads['write'] {
  const { states, sessions, clock } = dependencies;
  return async (owner, id, { offset, length }, incoming) =>
    sessions.alone(id, 'superseded', (superseded) =>
      sessions.use({ owner, id, offset }, async (session) => {
        const state = requireUnexpired(session.state, clock.now());
        requireOffset(state, offset);
        if (length !== undefined) {
          session.state = withLength(state, length);
          await states.write(session.state, session.hold);
        }
        const signal = AbortSignal.any([superseded, incoming.signal]);
        return appendOrDiscard(dependencies, session, { ...incoming, signal });
      }),
    );
}
