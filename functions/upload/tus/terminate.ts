import { DarkroomError } from '../../../shared/platform/errors.ts';
import { idOf, notFound, type TusVerb } from './tus.ts';

/** Ends an upload and forgets its bytes. What became an image is erased as images are. */
export const terminate: TusVerb = async ({ uploads }, { request, principal }) => {
  const id = idOf(request);
  const state = await uploads.find(principal.id, id);
  if (state === undefined) throw notFound();
  if (state.status === 'finished' && state.concatenation?.kind !== 'partial') {
    throw new DarkroomError(
      'wrong-state',
      `This upload is an image now: erase it with DELETE /api/images/${id}.`,
    );
  }
  await uploads.remove(principal.id, id);
  return { status: 204 };
};
