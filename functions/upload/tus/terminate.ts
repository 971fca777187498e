import { idOf, type TusVerb } from './tus.ts';

/** Ends an upload and forgets its bytes. What became an image is erased as images are. */
export const terminate: TusVerb = async ({ uploads }, { request, principal }) => {
  await uploads.end(principal.id, idOf(request));
  return { status: 204 };
};
