import type { Principal } from '../../shared/platform/auth/principal.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import type { ImageDetail } from '../../shared/images/store/ports.ts';
import { composition } from '../composition.ts';
import { visible } from './access.ts';

/**
 * The image, if this principal may see it. Of one that was erased nobody knows the owner any more: who knows its id gets
 * the receipt, with the error `gone`.
 */
export async function findImage(id: string, principal: Principal): Promise<ImageDetail> {
  const image = await (await composition.storageReader()).find(id);
  if (image === undefined) {
    const { receiptOf } = await composition.ledger();
    const receipt = await receiptOf(id);
    if (receipt !== undefined) {
      throw new DarkroomError('gone', 'The image was erased; its receipt is in `details.receipt`.', {
        details: { receipt },
      });
    }
  }
  return visible(image, principal);
}
