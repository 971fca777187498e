import { DarkroomError } from '../../../shared/platform/errors.ts';
import { writtenAnswer } from './answers.ts';
import { integerHeader, isPiece, pieceType } from './headers.ts';
import { idOf, incomingOf, type TusVerb } from './tus.ts';

/** The core of the protocol: bytes at an offset. */
export const patch: TusVerb = async ({ uploads }, { request, principal }) => {
  const id = idOf(request);
  if (!isPiece(request)) {
    throw new DarkroomError(
      'unsupported-type',
      `A piece of an upload is sent as "Content-Type: ${pieceType}".`,
    );
  }
  const offset = integerHeader(request, 'upload-offset');
  if (offset === undefined) throw new DarkroomError('invalid-request', 'Upload-Offset is missing.');
  const length = integerHeader(request, 'upload-length');
  const at = { offset, ...(length === undefined ? {} : { length }) };
  return writtenAnswer(await uploads.write(principal.id, id, at, incomingOf(request)));
};
