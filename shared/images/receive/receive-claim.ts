import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { inStage } from '../../stream/stage-failure.ts';
import type { StorageWriter } from '../store/ports.ts';
import type { AcceptImage } from './accept-image.ts';

export interface ReceiveClaimOptions {
  readonly storage: Pick<StorageWriter, 'openWithOrigin' | 'statusOf'>;
  readonly acceptImage: AcceptImage;
}

/** An event about bytes that are stored already. Their origin is with them; `announced` is what the event says. */
export function makeReceiveClaim({ storage, acceptImage }: ReceiveClaimOptions) {
  return async (announced: Origin): Promise<void> => {
    const { imageId } = announced;
    const stored = await inStage('check', undefined, () => storage.openWithOrigin(imageId));
    if (stored !== undefined) {
      const { origin, bytes, close } = stored;
      try {
        await inStage('check', origin, () => acceptImage.checkStored(origin, { opened: bytes }));
      } finally {
        close();
      }
      return;
    }
    const status = await inStage('check', undefined, () => storage.statusOf(imageId));
    // A redelivery of what was dealt with to the end: the bytes are gone because they had to go.
    if (status === 'rejected' || status === 'erased' || status === 'failed') return;
    await inStage('check', announced, () => {
      throw new DarkroomError(
        'claim-check-missing',
        'The bytes that this event refers to are not in the store.',
      );
    });
  };
}
