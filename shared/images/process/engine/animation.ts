import { DarkroomError } from '../../../platform/errors.ts';
import type { Encoding, Frame, Pixels } from '../ports.ts';
import { ownBytesOf, type Opener } from './pipeline.ts';
import { defaultQuality, type Encoded } from './port.ts';

/** Frames of one size as an animated WebP, or a GIF where that is asked for. */
export async function encodeAnimation(
  opener: Opener,
  frames: readonly Frame<Pixels>[],
  { contentType = 'image/webp', quality = defaultQuality }: Encoding,
): Promise<Encoded> {
  const first = frames[0]?.image.bitmap;
  if (
    !first ||
    frames.some(({ image }) => image.bitmap.width !== first.width || image.bitmap.height !== first.height)
  ) {
    throw new DarkroomError(
      'processor-failed',
      'The frames of an animation must have one size, and there must be one.',
    );
  }
  if (contentType !== 'image/webp' && contentType !== 'image/gif') {
    throw new DarkroomError(
      'processor-failed',
      `An animation cannot be encoded as ${contentType}: use WebP or GIF.`,
    );
  }
  const { width, height } = first;
  const data = Buffer.concat(frames.map(({ image }) => image.bitmap.data));
  const tower = opener.pixels({ width, height: height * frames.length, channels: 4, data }, height);
  const delay = frames.map(({ delayMs }) => delayMs);
  const animated =
    contentType === 'image/gif'
      ? tower.gif({ delay, loop: 0 })
      : tower.webp({ delay, loop: 0, quality, effort: 2 });
  return { bytes: await ownBytesOf(animated), contentType, width, height };
}
