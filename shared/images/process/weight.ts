import { DarkroomError } from '../../platform/errors.ts';
import { imageLimits } from './limits.ts';

/** Types that are decoded from memory, as a whole. All others are read where they lie. */
const heldTypes: readonly string[] = ['image/avif', 'image/heic', 'image/jxl'];

/** What a file of a type may weigh, where any may have `maxBytes`. It is asked as soon as the first bytes tell the type. */
export const maxBytesOf = (type: string, maxBytes: number): number =>
  heldTypes.includes(type) ? Math.min(maxBytes, imageLimits.maxHeldBytes) : maxBytes;

/** Throws `too-large`. */
export function requireWeight(bytes: number, type: string, maxBytes: number): void {
  const max = maxBytesOf(type, maxBytes);
  if (bytes > max) throw tooHeavy(type, max);
}

const tooHeavy = (type: string, maxBytes: number): DarkroomError =>
  new DarkroomError(
    'too-large',
    `An image of this type (${type}) may have ${maxBytes} bytes: save it smaller, or as another type, and send that.`,
    { details: { maxBytes, contentType: type } },
  );
