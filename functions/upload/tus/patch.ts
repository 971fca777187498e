import { DarkroomError } from '../../../shared/platform/errors.ts';
import { writtenAnswer } from './answers.ts';
import { checksumHeader, integerHeader, pieceType } from './headers.ts';
import { finishUpload, bodyOf, idOf, type TusVerb } from './tus.ts';

/** The core of the protocol: bytes at an offset. */
export const patch: TusVerb = async (dependencies, { request, principal }) => {
  const id = idOf(request);
  if (request.headers.get('content-type') !== pieceType) {
    throw new DarkroomError(
      'unsupported-type',
      `A piece of an upload is sent as "Content-Type: ${pieceType}".`,
    );
  }
  const offset = integerHeader(request, 'upload-offset');
  if (offset === undefined) throw new DarkroomError('invalid-request', 'Upload-Offset is missing.');
  const length = integerHeader(request, 'upload-length');
  if (length !== undefined && length > dependencies.maxBytes) {
    throw new DarkroomError('too-large', `An upload may have ${dependencies.maxBytes} bytes.`, {
      details: { maxBytes: dependencies.maxBytes },
    });
  }
  const checksum = checksumHeader(request);
  const state = await dependencies.uploads.write(
    principal.id,
    id,
    { offset, ...(length === undefined ? {} : { length }) },
    { body: bodyOf(request), signal: new AbortController().signal, ...(checksum && { checksum }) },
  );
  return writtenAnswer(await finishUpload(dependencies, state));
};
