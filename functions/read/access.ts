import type { Principal } from '../../shared/platform/auth/principal.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import type { ImageRecord } from '../../shared/images/store/ports.ts';

export const isEngineer = (principal: Principal): boolean => principal.roles.includes('Engineering');

export const maySee = (image: ImageRecord, principal: Principal): boolean =>
  image.owner === principal.id || isEngineer(principal);

/** The image, if it is there and this principal may know; throws `not-found` alike for both, so ids cannot be probed. */
export function visible<Image extends ImageRecord>(image: Image | undefined, principal: Principal): Image {
  if (image !== undefined && maySee(image, principal)) return image;
  throw new DarkroomError(
    'not-found',
    'There is no image of this id that you may see. Images go after 7 days.',
  );
}
