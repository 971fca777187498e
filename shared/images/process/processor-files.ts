import { readdir } from 'node:fs/promises';

/**
 * The modules in processors/, by file name. When the functions are bundled there is no folder to list, so the build
 * (infra/processing-bundle.ts) puts a list in this file's place.
 */
export async function loadProcessorFiles(): Promise<Record<string, unknown>> {
  const folder = new URL('./processors/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.[mc]?[jt]s$/.test(name)).sort();
  const modules = await Promise.all(
    names.map(async (name) => [name, await import(new URL(name, folder).href)] as const),
  );
  return Object.fromEntries(modules);
}
