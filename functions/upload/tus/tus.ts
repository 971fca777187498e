import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Principal } from '../../../shared/platform/auth/principal.ts';
import { DarkroomError } from '../../../shared/platform/errors.ts';
import { isImageId } from '../../../shared/platform/image-id.ts';
import { parametersOf } from '../../../shared/platform/http/path-template.ts';
import type { UploadState } from '../../../shared/images/receive/uploads/state.ts';
import type { Uploads } from '../../../shared/images/receive/uploads/uploads.ts';

export interface TusCall {
  readonly request: HttpRequest;
  readonly principal: Principal;
  readonly correlationId: string;
}

export interface TusDependencies {
  readonly uploads: Uploads;
  /** Tells the pipeline that the bytes of a raw image are there; may be repeated. */
  readonly announce: (state: UploadState) => Promise<void>;
  readonly maxBytes: number;
}

export type TusVerb = (parts: TusDependencies, call: TusCall) => Promise<HttpResponseInit>;

/** The id in the address; what cannot be one of ours is not found, like another owner's. */
export function idOf(request: HttpRequest): string {
  const id = parametersOf('/uploads/{id}', request.url)?.['id'] ?? '';
  if (!isImageId(id)) throw notFound();
  return id;
}

export const notFound = (): DarkroomError =>
  new DarkroomError('not-found', 'There is no such upload: start a new one.');

/**
 * Makes an upload whose bytes are all here an image, as a POST does: commit, then announce, then write down that it
 * is done. Each step may be repeated, so whoever comes next finishes what a killed host began.
 */
export async function requireTusCall(parts: TusDependencies, state: UploadState): Promise<UploadState> {
  if (state.status !== 'complete') return state;
  await parts.uploads.commit(state);
  if (state.concatenation?.kind !== 'partial') await parts.announce(state);
  const admitted = await parts.uploads.settle(state);
  if (admitted.direct) await parts.uploads.forgetDirect(admitted);
  if (admitted.concatenation?.kind === 'final') {
    for (const part of admitted.concatenation.parts) await parts.uploads.remove(admitted.owner, part);
  }
  return admitted;
}

/** A body that is read as it comes; nothing when there is none. */
export async function* bodyOf(request: HttpRequest): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) yield chunk;
}
