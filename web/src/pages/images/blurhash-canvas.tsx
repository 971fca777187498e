import { decode, isBlurhashValid } from 'blurhash';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** More would not be seen in a picture that is all blur. */
const size = 20;

const kept = new Map<string, Uint8ClampedArray>();

/** Its pixels, kept for when it is scrolled to again. */
function pixelsOf(hash: string): Uint8ClampedArray {
  const found = kept.get(hash) ?? decode(hash, size, size);
  if (kept.size > 500) kept.clear();
  kept.set(hash, found);
  return found;
}

/** What the picture will look like, from a few bytes, until it is here. */
export function BlurhashCanvas({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !isBlurhashValid(hash).result) return;
    const pixels = context.createImageData(size, size);
    pixels.data.set(pixelsOf(hash));
    context.putImageData(pixels, 0, 0);
  }, [hash]);
  return <canvas ref={canvas} width={size} height={size} class="blur" aria-hidden="true" />;
}
