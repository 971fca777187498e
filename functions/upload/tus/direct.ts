import type { Principal } from '../../../shared/platform/auth/principal.ts';
import { randomImageId } from '../../../shared/platform/image-id.ts';
import { requireTusCall, notFound, type TusDependencies } from './tus.ts';

export interface DirectUpload {
  readonly id: string;
  /** Where to PUT the bytes (as one block blob, or as blocks); good for writing only. */
  readonly uploadUrl: string;
  readonly expiresAt: string;
  readonly links: { readonly complete: string; readonly self: string };
}

const linksOf = (id: string) => ({
  complete: `/api/uploads/direct/${id}/complete`,
  self: `/api/images/${id}`,
});

/** Begins an upload that the client writes to the store itself. */
export async function startDirect(
  parts: TusDependencies,
  principal: Principal,
  correlationId: string,
): Promise<DirectUpload> {
  const state = await parts.uploads.create({
    id: randomImageId(),
    owner: principal.id,
    correlationId,
    length: null,
    metadata: null,
    concatenation: null,
    direct: true,
  });
  const { url, expiresAt } = await parts.uploads.signDirect(state);
  return { id: state.id, uploadUrl: url, expiresAt: expiresAt.toISOString(), links: linksOf(state.id) };
}

/** Checks what was written and makes it an image; again answers the same. */
export async function completeDirect(parts: TusDependencies, principal: Principal, id: string) {
  const state = await parts.uploads.find(principal.id, id);
  if (state?.direct !== true) throw notFound();
  const admitted = await requireTusCall(parts, await parts.uploads.takeDirect(state, parts.maxBytes));
  return { id: admitted.id, status: 'received' as const, links: { self: linksOf(admitted.id).self } };
}
