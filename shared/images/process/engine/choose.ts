import { createRequire } from 'node:module';
import type { Engine } from './port.ts';

export const engineNames = ['native', 'javascript'] as const;
export type EngineName = (typeof engineNames)[number];

export interface EngineLimits {
  readonly maxPixels: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** Throws where the engine is not there, so that an app that needs it does not start: no other one takes its place. */
export function requireEngine(name: EngineName): void {
  if (name !== 'native') return;
  try {
    createRequire(import.meta.url)('sharp');
  } catch (cause) {
    throw new Error(
      `The native image engine is not here: sharp has no build for ${process.platform}-${process.arch} in this package. ` +
        'Package again with sharp for this platform, or set DARKROOM_PROCESSING_ENGINE=javascript, which is slower and reads no WebP and no AVIF.',
      { cause },
    );
  }
}

/** The engine of this name, which is loaded only now. */
export async function chooseEngine(name: EngineName, limits: EngineLimits): Promise<Engine> {
  if (name === 'javascript') return (await import('./javascript.ts')).makeJavascriptEngine(limits);
  requireEngine(name);
  const { makeNativeEngine, limitNative } = await import('./native.ts');
  limitNative();
  return makeNativeEngine({
    maxPixels: limits.maxPixels,
    timeoutSeconds: Math.max(1, Math.ceil(limits.timeoutMs / 1000)),
  });
}
