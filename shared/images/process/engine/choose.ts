import type { Engine } from './port.ts';

export const engineNames = ['native', 'javascript'] as const;
export type EngineName = (typeof engineNames)[number];

export interface EngineLimits {
  readonly maxPixels: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/**
 * The native engine, or JavaScript where it is asked for or sharp has no build for the platform. Each is loaded
 * only when it is used.
 */
export async function chooseEngine(wanted: EngineName | undefined, limits: EngineLimits): Promise<Engine> {
  if (wanted !== 'javascript') {
    try {
      const { makeNativeEngine, limitNative: tameNative } = await import('./native.ts');
      tameNative();
      return makeNativeEngine({
        maxPixels: limits.maxPixels,
        timeoutSeconds: Math.max(1, Math.ceil(limits.timeoutMs / 1000)),
      });
    } catch (error) {
      if (wanted === 'native') throw error;
    }
  }
  const { makeJavascriptEngine } = await import('./javascript.ts');
  return makeJavascriptEngine(limits);
}
