import { modulesIn } from './modules-in.ts';

/**
 * The modules in candidates/, by file name: versions that are tried and not released. No other file imports this one; a
 * worker of the sandbox is told its address, and nobody else is. The build makes a bundle of its own of it.
 */
export const loadCandidateFiles = (): Promise<Record<string, unknown>> =>
  modulesIn(new URL('./candidates/', import.meta.url));
