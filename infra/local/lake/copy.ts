import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import pLimit from 'p-limit';
import { LakeConflict, type LakeFile, type LakeStore } from '../../../shared/lake/store/port.ts';
import { lakeTables } from '../../../shared/lake/schema.ts';
import type { LakeTableName } from '../../../shared/lake/schema-types.ts';

const parallelReads = 16;
const chunkBytes = 8 * 1024 * 1024;
const maxAttempts = 5;

async function copyFile(store: LakeStore, file: LakeFile, directory: string): Promise<void> {
  const target = join(directory, file.path);
  await mkdir(dirname(target), { recursive: true });
  const bytes = await store.read(file);
  const out = createWriteStream(target);
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    const end = Math.min(bytes.byteLength, start + chunkBytes);
    out.write(new Uint8Array(await bytes.slice(start, end)));
  }
  out.end();
  await finished(out);
}

/** Answers false when the file is gone. */
async function copyNewest(store: LakeStore, file: LakeFile, directory: string): Promise<boolean> {
  let current: LakeFile | undefined = file;
  for (let attempt = 1; current !== undefined; attempt++) {
    try {
      await copyFile(store, current, directory);
      return true;
    } catch (error) {
      if (!(error instanceof LakeConflict) || attempt === maxAttempts) throw error;
      current = await store.find(file.path);
    }
  }
  return false;
}

/** Copies tables of the lake into a directory, each file in one of its states. Answers what was copied. */
export async function copyLake(
  store: LakeStore,
  directory: string,
  tables: readonly LakeTableName[] = lakeTables,
): Promise<{ files: number; bytes: number }> {
  const limit = pLimit(parallelReads);
  const copyTable = async (table: LakeTableName): Promise<LakeFile[]> => {
    for (let attempt = 1; ; attempt++) {
      const files = await store.list(`${table}/`);
      const isThere = await limit.map(files, (file) => copyNewest(store, file, directory));
      const copied = files.filter((_, index) => isThere[index]);
      // An export that writes everything anew may have put other files in the place of all that were listed.
      if (copied.length > 0 || files.length === 0 || attempt === maxAttempts) return copied;
    }
  };
  const files = (await Promise.all(tables.map(copyTable))).flat();
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}
