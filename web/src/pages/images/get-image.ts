import type { ImageDetail } from '../../../../client/api-types.ts';
import { ask } from '../../api/client.ts';

export const getImage = (id: string, init: { readonly signal?: AbortSignal } = {}): Promise<ImageDetail> =>
  ask((api) => api.GET('/images/{id}', { params: { path: { id } }, ...init }));
