import { DarkroomError } from '../../../platform/errors.ts';
import { appendOrDiscard } from './append-or-discard.ts';
import type { UploadDependencies } from './dependencies.ts';
import type { Uploads } from './uploads.ts';

export function makeJoinUploads(dependencies: UploadDependencies): Uploads['join'] {
  const { states, bytes, sessions } = dependencies;

  async function* bytesOf(owner: string, partials: readonly string[]): AsyncIterable<Uint8Array> {
    for (const id of partials) {
      const partial = await states.read(owner, id);
      if (partial === undefined)
        throw new DarkroomError('not-found', 'A partial upload that was to be joined is not there any more.');
      yield* await bytes.openPartial(partial);
    }
  }

  return async ({ owner, id, length, concatenation }) => {
    if (concatenation?.kind !== 'final')
      throw new DarkroomError('internal', 'Only a final upload is joined.');
    const body = bytesOf(owner, concatenation.partials);
    return sessions.alone(id, 'superseded', (signal) =>
      sessions.use({ owner, id }, (session) => {
        // From the start, whatever an earlier try left.
        session.state = { ...session.state, length, offset: 0, runs: [] };
        return appendOrDiscard(dependencies, session, { body, signal });
      }),
    );
  };
}
