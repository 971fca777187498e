import type { Engine } from './port.ts';
import { requireEngine } from './require-engine.ts';

export const engineNames = ['native', 'javascript'] as const;
export type EngineName = (typeof engineNames)[number];

export interface EngineLimits {
  readonly maxPixels: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
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
