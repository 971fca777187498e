import { DarkroomError } from '../../../platform/errors.ts';
import { append } from './append.ts';
import type { UploadDependencies } from './dependencies.ts';
import { finishHeld } from './finish-upload.ts';
import type { Uploads } from './uploads.ts';
import { orRemove } from './write-upload.ts';

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

  return ({ owner, id, length, concatenation }) => {
    if (concatenation?.kind !== 'final')
      throw new DarkroomError('internal', 'Only a final upload is joined.');
    return sessions.use(owner, id, 'write', async (session) => {
      if (session.state.status === 'open') {
        // From the start, whatever an earlier try left.
        const from = { ...session.state, length, offset: 0, runs: [], firstBytes: '' };
        const body = bytesOf(owner, concatenation.partials);
        await orRemove(dependencies, session, () => append(dependencies, session, from, { body }));
      }
      return finishHeld(dependencies, session);
    });
  };
}
