import { remainingCopies, remainingHeader, remainingHeaderValue } from '../../shared/erasure/remaining.ts';
import { DarkroomError } from '../../shared/errors.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { visible } from './access.ts';
import { deleteImageRoute } from './routes.ts';

export const deleteImage = registerRoute(deleteImageRoute, async ({ principal, parameters, log }) => {
  const reader = await parts.storageReader();
  const image = visible(await reader.find(parameters.id), principal);
  const { erase } = await parts.erasure();
  const { blobs, bytes, failed } = await erase([image], 'erasure', principal.id);
  if (failed.size > 0) {
    throw new DarkroomError('unavailable', 'Not all of the image could be erased yet; try again.', {
      cause: failed.get(image.imageId),
    });
  }
  log.info('image.erased', { imageId: image.imageId, blobs, bytes });
  const remaining = remainingCopies(image, parts.clock().now());
  return {
    status: 204,
    headers: remaining.length === 0 ? {} : { [remainingHeader]: remainingHeaderValue(remaining) },
  };
});
