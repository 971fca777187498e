import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import AdmZip from 'adm-zip';
import { stageNativePackages } from '../native-packages.ts';

/** The same for every package, so that the same files make the same zip. */
const timeOfFiles = new Date('2000-01-01T00:00:00Z');

/** Sources and build files of native code, which nothing loads. */
const isLoaded = (path: string): boolean =>
  !/\/(src|install|binding\.gyp)(\/|$)|\.md$|\.d\.[cm]?ts$/.test(path);

/** Adds sharp for linux-x64 to the package as `node_modules`, beside `dist`, where the bundle looks for it. */
export async function addNativePackages(serviceDir: string, file: string): Promise<void> {
  const staging = mkdtempSync(join(tmpdir(), 'darkroom-native-'));
  try {
    await stageNativePackages(serviceDir, staging);
    const zip = new AdmZip(file);
    const files = readdirSync(join(staging, 'node_modules'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of files.sort()) {
      const name = relative(staging, path).split(sep).join('/');
      if (!isLoaded(name)) continue;
      zip.addFile(name, readFileSync(path)).header.time = timeOfFiles;
    }
    zip.writeZip(file);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
