import {
  remainingCopies,
  remainingCopiesHeader,
  remainingCopiesHeaderValue,
} from '../../shared/images/erase/remaining-copies.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { visible } from './access.ts';
import { deleteImageRoute } from './routes.ts';

registerRoute(deleteImageRoute, async ({ principal, parameters, log }) => {
  const reader = await composition.storageReader();
  const image = visible(await reader.find(parameters.id), principal);
  const { erase } = await composition.erasure();
  const { blobs, bytes, failed } = await erase([image], 'erasure', principal.id);
  if (failed.size > 0) {
    throw new DarkroomError('unavailable', 'Not all of the image could be erased yet; try again.', {
      cause: failed.get(image.imageId),
    });
  }
  log.info('image.erased', { imageId: image.imageId, blobs, bytes });
  const copies = remainingCopies(image, composition.clock().now());
  return {
    status: 204,
    headers: copies.length === 0 ? {} : { [remainingCopiesHeader]: remainingCopiesHeaderValue(copies) },
  };
});
