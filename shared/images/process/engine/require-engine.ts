import { createRequire } from 'node:module';

/** Looks for the native part without loading it, which takes as long as all else that a start does; workers load it. */
function findNative(): void {
  const sharp = createRequire(createRequire(import.meta.url).resolve('sharp'));
  try {
    sharp.resolve(`@img/sharp-${process.platform}-${process.arch}/sharp.node`);
  } catch {
    // With another C library, or built where it is: only sharp knows its place.
    sharp('sharp');
  }
}

/** Throws where the engine is not there, so that an app that needs it does not start: no other one takes its place. */
export function requireEngine(name: 'native' | 'javascript'): void {
  if (name !== 'native') return;
  try {
    findNative();
  } catch (cause) {
    throw new Error(
      `The native image engine is not here: sharp has no build for ${process.platform}-${process.arch} in this package. ` +
        'Package again with sharp for this platform, or set DARKROOM_PROCESSING_ENGINE=javascript, which is slower and reads no WebP, AVIF, HEIC and JPEG XL.',
      { cause },
    );
  }
}
