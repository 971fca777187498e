import type { HttpResponseInit } from '@azure/functions';
import type { UploadState } from '../../../shared/images/receive/uploads/state.ts';

/** Where an upload is continued; relative, so that it holds behind any proxy. */
const uploadPath = (id: string): string => `/api/uploads/${id}`;

/** Expiry is told while there is something to finish. */
const expiry = (state: UploadState): Record<string, string> =>
  state.status === 'open' ? { 'upload-expires': new Date(state.expiresAt).toUTCString() } : {};

export const createdAnswer = (state: UploadState, withOffset: boolean): HttpResponseInit => ({
  status: 201,
  headers: {
    location: uploadPath(state.id),
    ...(withOffset ? { 'upload-offset': String(state.offset) } : {}),
    ...expiry(state),
  },
});

export const writtenAnswer = (state: UploadState): HttpResponseInit => ({
  status: 204,
  headers: { 'upload-offset': String(state.offset), ...expiry(state) },
});

/** Upload-Concat as HEAD answers it: as it came. */
const concatenation = ({ concatenation: how }: UploadState): Record<string, string> =>
  how === null ? {} : { 'upload-concat': how.kind === 'partial' ? 'partial' : how.header };

export function headAnswer(state: UploadState): HttpResponseInit {
  // A final upload that is not joined yet must not tell an offset.
  const joining = state.concatenation?.kind === 'final' && state.status === 'open';
  return {
    status: 200,
    headers: {
      'cache-control': 'no-store',
      ...(joining ? {} : { 'upload-offset': String(state.offset) }),
      ...(state.length === null ? { 'upload-defer-length': '1' } : { 'upload-length': String(state.length) }),
      ...(state.metadata === null ? {} : { 'upload-metadata': state.metadata }),
      ...concatenation(state),
      ...expiry(state),
    },
  };
}
