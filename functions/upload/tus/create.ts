import { DarkroomError } from '../../../shared/platform/errors.ts';
import { deriveImageId, randomImageId } from '../../../shared/platform/image-id.ts';
import type { UploadState } from '../../../shared/images/receive/uploads/state.ts';
import { createdAnswer } from './answers.ts';
import { checksumHeader, concatenationHeader, integerHeader, metadataHeader, pieceType } from './headers.ts';
import { requireTusCall, bodyOf, type TusCall, type TusDependencies, type TusVerb } from './tus.ts';

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

/** The parts of a final upload, which must be this owner's and finished. Answers their length together. */
async function lengthOfParts(
  { uploads, maxBytes }: TusDependencies,
  owner: string,
  ids: readonly string[],
): Promise<number> {
  let length = 0;
  for (const id of ids) {
    const part = await uploads.find(owner, id);
    if (part?.concatenation?.kind !== 'partial') {
      throw new DarkroomError(
        'not-found',
        'A part that Upload-Concat names is not there, or is no partial upload.',
      );
    }
    if (part.status === 'open')
      throw new DarkroomError('wrong-state', 'A part that Upload-Concat names is not finished.');
    length += part.offset;
  }
  if (length > maxBytes)
    throw new DarkroomError('too-large', `An upload may have ${maxBytes} bytes.`, { details: { maxBytes } });
  return length;
}

/** The parts say what a final upload is, so asking again for the same answers the same. */
const idFor = (owner: string, concatenation: Concatenation): string =>
  concatenation?.kind === 'final' ? deriveImageId('tus', owner, ...concatenation.parts) : randomImageId();

/** Creation, creation-with-upload, creation-defer-length and concatenation. */
export const create: TusVerb = async (parts, call) => {
  const { request, principal, correlationId } = call;
  const concatenation = concatenationHeader(request);
  const final = concatenation?.kind === 'final';
  const metadata = metadataHeader(request);
  const id = idFor(principal.id, concatenation);
  const earlier = final ? await parts.uploads.find(principal.id, id) : undefined;
  if (earlier !== undefined && earlier.status === 'admitted') return createdAnswer(earlier, false);
  const length = final
    ? await lengthOfParts(parts, principal.id, concatenation.parts)
    : lengthOf(call, parts.maxBytes);
  const state = await parts.uploads.create({
    id,
    owner: principal.id,
    correlationId,
    length,
    metadata,
    concatenation,
  });
  if (final) return createdAnswer(await requireTusCall(parts, await parts.uploads.join(state)), false);
  if (request.headers.get('content-type') !== pieceType)
    return createdAnswer(await requireTusCall(parts, state), false);
  const checksum = checksumHeader(request);
  const written = await parts.uploads.write(
    principal.id,
    id,
    { offset: 0 },
    { body: bodyOf(request), signal: new AbortController().signal, ...(checksum && { checksum }) },
  );
  return createdAnswer(await requireTusCall(parts, written), true);
};
