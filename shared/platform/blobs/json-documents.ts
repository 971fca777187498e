import type { ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../errors.ts';
import { atStore, isTaken } from './failures.ts';
import { readBlob } from './read-blob.ts';

/** Small JSON documents, one a blob. Nobody's change is lost: a writer who was overtaken applies his change again. */
export interface JsonDocuments<T> {
  create(name: string, value: T): Promise<void>;
  read(name: string): Promise<T | undefined>;
  /** Answers what is stored now; `change` may be called more than once. Throws `not-found`, and what `change` throws. */
  change(name: string, change: (value: T) => T): Promise<T>;
  /** By name. */
  names(): Promise<string[]>;
}

const maxConflicts = 20;
const contentType = { blobHTTPHeaders: { blobContentType: 'application/json' } };

export function makeJsonDocuments<T>(container: ContainerClient, prefix: string): JsonDocuments<T> {
  const blobOf = (name: string) => container.getBlockBlobClient(`${prefix}${name}.json`);

  async function write(name: string, value: T, conditions: object): Promise<void> {
    const text = Buffer.from(JSON.stringify(value));
    await blobOf(name).upload(text, text.byteLength, { ...contentType, conditions });
  }

  async function load(name: string): Promise<{ value: T; etag: string } | undefined> {
    const found = await readBlob(blobOf(name));
    return found && { value: JSON.parse(found.bytes.toString()) as T, etag: found.etag };
  }

  async function tryChange(name: string, change: (value: T) => T): Promise<T | undefined> {
    const found = await load(name);
    if (found === undefined) throw new DarkroomError('not-found', `There is no ${prefix}${name}.`);
    const value = change(found.value);
    try {
      await write(name, value, { ifMatch: found.etag });
      return value;
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  return {
    create: (name, value) => atStore('writing a document', () => write(name, value, { ifNoneMatch: '*' })),
    read: (name) => atStore('reading a document', async () => (await load(name))?.value),
    change: (name, change) =>
      atStore('changing a document', async () => {
        for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
          const changed = await tryChange(name, change);
          if (changed !== undefined) return changed;
        }
        throw new DarkroomError('unavailable', 'Too many change this at once; try again.');
      }),
    names: () =>
      atStore('listing documents', async () => {
        const names: string[] = [];
        for await (const { name } of container.listBlobsFlat({ prefix })) {
          names.push(name.slice(prefix.length, -'.json'.length));
        }
        return names;
      }),
  };
}
