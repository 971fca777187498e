import { DarkroomError } from '../../../shared/platform/errors.ts';
import { deriveImageId, randomImageId } from '../../../shared/platform/image-id.ts';
import type { UploadState } from '../../../shared/images/receive/uploads/state.ts';
import { createdAnswer } from './answers.ts';
import { checksumHeader, concatenationHeader, integerHeader, metadataHeader, pieceType } from './headers.ts';
import { finishUpload, bodyOf, type TusCall, type TusDependencies, type TusVerb } from './tus.ts';

type Concatenation = UploadState['concatenation'];

/** The length that the request declares; null when it defers it. */
function lengthOf(call: TusCall, maxBytes: number): number | null {
  const deferred = call.request.headers.get('upload-defer-length');
  const length = integerHeader(call.request, 'upload-length');
  if (deferred !== null && deferred !== '1')
    throw new DarkroomError('invalid-request', 'Upload-Defer-Length can only be 1.');
  if ((length === undefined) === (deferred === null)) {
    throw new DarkroomError('invalid-request', 'Send either Upload-Length or "Upload-Defer-Length: 1".');
  }
  if (length === undefined) return null;
  if (length > maxBytes) {
    throw new DarkroomError('too-large', `An upload may have ${maxBytes} bytes.`, { details: { maxBytes } });
  }
  return length;
}

/** The length of partial uploads together. They must be this owner's, and finished. */
async function lengthOfPartials(
  { uploads, maxBytes }: TusDependencies,
  owner: string,
  ids: readonly string[],
): Promise<number> {
  let length = 0;
  for (const id of ids) {
    const partial = await uploads.find(owner, id);
    if (partial?.concatenation?.kind !== 'partial') {
      throw new DarkroomError(
        'not-found',
        'An upload that Upload-Concat names is not there, or is no partial upload.',
      );
    }
    if (partial.status === 'open')
      throw new DarkroomError('wrong-state', 'A partial upload that Upload-Concat names is not finished.');
    length += partial.offset;
  }
  if (length > maxBytes)
    throw new DarkroomError('too-large', `An upload may have ${maxBytes} bytes.`, { details: { maxBytes } });
  return length;
}

/** Partial uploads say what a final one is, so asking again for the same answers the same. */
const idFor = (owner: string, concatenation: Concatenation): string =>
  concatenation?.kind === 'final' ? deriveImageId('tus', owner, ...concatenation.partials) : randomImageId();

/** Creation, creation-with-upload, creation-defer-length and concatenation. */
export const create: TusVerb = async (dependencies, call) => {
  const { request, principal, correlationId } = call;
  const concatenation = concatenationHeader(request);
  const final = concatenation?.kind === 'final';
  const metadata = metadataHeader(request);
  const id = idFor(principal.id, concatenation);
  const earlier = final ? await dependencies.uploads.find(principal.id, id) : undefined;
  if (earlier !== undefined && earlier.status === 'finished') return createdAnswer(earlier, false);
  const length = final
    ? await lengthOfPartials(dependencies, principal.id, concatenation.partials)
    : lengthOf(call, dependencies.maxBytes);
  const state = await dependencies.uploads.create({
    id,
    owner: principal.id,
    correlationId,
    length,
    metadata,
    concatenation,
  });
  if (final)
    return createdAnswer(await finishUpload(dependencies, await dependencies.uploads.join(state)), false);
  if (request.headers.get('content-type') !== pieceType)
    return createdAnswer(await finishUpload(dependencies, state), false);
  const checksum = checksumHeader(request);
  const written = await dependencies.uploads.write(
    principal.id,
    id,
    { offset: 0 },
    { body: bodyOf(request), signal: new AbortController().signal, ...(checksum && { checksum }) },
  );
  return createdAnswer(await finishUpload(dependencies, written), true);
};
