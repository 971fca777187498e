import { decode, isBlurhashValid } from 'blurhash';
import { useLayoutEffect, useRef } from 'preact/hooks';

const size = 24;

/** What the picture will look like, from a few bytes, until it is here. */
export function BlurhashCanvas({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !isBlurhashValid(hash).result) return;
    const pixels = context.createImageData(size, size);
    pixels.data.set(decode(hash, size, size));
    context.putImageData(pixels, 0, 0);
  }, [hash]);
  return <canvas ref={canvas} width={size} height={size} class="blur" aria-hidden="true" />;
}
