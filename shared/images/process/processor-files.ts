import { modulesIn } from './modules-in.ts';

/** The modules in processors/, by file name. The build (infra/processing-bundle.ts) puts a list in this file's place. */
export const loadProcessorFiles = (): Promise<Record<string, unknown>> =>
  modulesIn(new URL('./processors/', import.meta.url));
