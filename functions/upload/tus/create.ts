import type { HttpResponseInit } from '@azure/functions';
import { DarkroomError } from '../../../shared/platform/errors.ts';
import { deriveImageId, randomImageId } from '../../../shared/platform/image-id.ts';
import type { UploadState } from '../../../shared/images/receive/uploads/state.ts';
import { createdAnswer } from './answers.ts';
import { concatenationHeader, integerHeader, isPiece, metadataHeader } from './headers.ts';
import { incomingOf, type TusCall, type TusDependencies, type TusVerb } from './tus.ts';

type Final = Extract<UploadState['concatenation'], { kind: 'final' }>;

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
      throw new DarkroomError(
        'invalid-request',
        'A partial upload that Upload-Concat names is not finished.',
      );
    length += partial.offset;
  }
  if (length > maxBytes)
    throw new DarkroomError('too-large', `An upload may have ${maxBytes} bytes.`, { details: { maxBytes } });
  return length;
}

async function startUpload(dependencies: TusDependencies, call: TusCall): Promise<HttpResponseInit> {
  const { request, principal, correlationId } = call;
  const upload = {
    id: randomImageId(),
    owner: principal.id,
    correlationId,
    length: lengthOf(call, dependencies.maxBytes),
    metadata: metadataHeader(request),
    concatenation: concatenationHeader(request),
  };
  if (!isPiece(request)) return createdAnswer(await dependencies.uploads.create(upload), false);
  return createdAnswer(await dependencies.uploads.create(upload, incomingOf(request)), true);
}

/** The one that exists already, when these partial uploads were joined before, also by a request beside this one. */
async function joinPartials(
  { uploads, maxBytes }: TusDependencies,
  { request, principal: { id: owner }, correlationId }: TusCall,
  concatenation: Final,
): Promise<HttpResponseInit> {
  if (isPiece(request)) {
    throw new DarkroomError(
      'forbidden',
      'A final upload is joined from partial ones and takes no bytes itself.',
    );
  }
  const id = deriveImageId('tus', owner, ...concatenation.partials);
  const joined = async () => {
    const state = await uploads.find(owner, id);
    return state?.status === 'finished' ? createdAnswer(state, false) : undefined;
  };
  const earlier = await joined();
  if (earlier !== undefined) return earlier;
  try {
    const length = await lengthOfPartials({ uploads, maxBytes }, owner, concatenation.partials);
    const metadata = metadataHeader(request);
    const state = await uploads.create({ id, owner, correlationId, length, metadata, concatenation });
    return createdAnswer(await uploads.join(state), false);
  } catch (error) {
    const meanwhile = error instanceof DarkroomError && error.code === 'not-found' && (await joined());
    if (!meanwhile) throw error;
    return meanwhile;
  }
}

/** Creation, creation-with-upload, creation-defer-length and concatenation. */
export const create: TusVerb = async (dependencies, call) => {
  const concatenation = concatenationHeader(call.request);
  return concatenation?.kind === 'final'
    ? joinPartials(dependencies, call, concatenation)
    : startUpload(dependencies, call);
};
