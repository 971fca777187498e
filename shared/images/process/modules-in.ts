import { readdir } from 'node:fs/promises';

/** The modules in a folder, by file name. A bundle has a list in the place of whoever asks. */
export async function modulesIn(folder: URL): Promise<Record<string, unknown>> {
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.[mc]?[jt]s$/.test(name)).sort();
  const modules = await Promise.all(
    names.map(async (name) => [name, await import(new URL(name, folder).href)] as const),
  );
  return Object.fromEntries(modules);
}
