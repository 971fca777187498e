import { remainingCopies } from '../../shared/images/erase/remaining-copies.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { findImage } from './find-image.ts';
import { deleteImageRoute } from './routes.ts';

registerRoute(deleteImageRoute, async ({ principal, parameters, log }) => {
  const image = await findImage(parameters.id, principal);
  const { imageId } = image;
  const { erase } = await composition.erasure();
  const { blobs, bytes, failed } = await erase([image], 'erasure', principal.id);
  if (failed.size > 0) {
    throw new DarkroomError('unavailable', 'Not all of the image could be erased yet; try again.', {
      cause: failed.get(imageId),
    });
  }
  log.info('image.erased', { imageId, blobs, bytes });
  const receipt = await (await composition.ledger()).receiptOf(imageId);
  const isCached = composition.settings().DARKROOM_CDN_ENDPOINT_ID !== undefined;
  const copies = remainingCopies(image, { now: composition.clock().now(), isCached });
  const remaining = copies.map(({ copy, until }) => ({ copy, until: until.toISOString() }));
  return { jsonBody: { receipt, remaining } };
});
