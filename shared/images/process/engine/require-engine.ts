import { createRequire } from 'node:module';

/** Throws where the engine is not there, so that an app that needs it does not start: no other one takes its place. */
export function requireEngine(name: 'native' | 'javascript'): void {
  if (name !== 'native') return;
  try {
    createRequire(import.meta.url)('sharp');
  } catch (cause) {
    throw new Error(
      `The native image engine is not here: sharp has no build for ${process.platform}-${process.arch} in this package. ` +
        'Package again with sharp for this platform, or set DARKROOM_PROCESSING_ENGINE=javascript, which is slower and reads no WebP, AVIF, HEIC and JPEG XL.',
      { cause },
    );
  }
}
