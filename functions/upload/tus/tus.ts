import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Principal } from '../../../shared/platform/auth/principal.ts';
import { isImageId } from '../../../shared/platform/image-id.ts';
import { parametersOf } from '../../../shared/platform/http/path-template.ts';
import type { Incoming } from '../../../shared/images/receive/uploads/append.ts';
import { noSuchUpload } from '../../../shared/images/receive/uploads/sessions.ts';
import type { Uploads } from '../../../shared/images/receive/uploads/uploads.ts';
import { checksumHeader } from './headers.ts';

export interface TusCall {
  readonly request: HttpRequest;
  readonly principal: Principal;
  readonly correlationId: string;
}

export interface TusDependencies {
  readonly uploads: Uploads;
  readonly maxBytes: number;
}

export type TusVerb = (dependencies: TusDependencies, call: TusCall) => Promise<HttpResponseInit>;

/** The id in the address; what cannot be one of ours is not found, like another owner's. */
export function idOf(request: HttpRequest): string {
  const id = parametersOf('/uploads/{id}', request.url)?.['id'] ?? '';
  if (!isImageId(id)) throw noSuchUpload();
  return id;
}

/** The piece that a request brings, read as it comes. */
export function incomingOf(request: HttpRequest): Incoming {
  const checksum = checksumHeader(request);
  const body = (request.body ?? ReadableStream.from([])) as unknown as AsyncIterable<Uint8Array>;
  return { body, ...(checksum && { checksum }) };
}
