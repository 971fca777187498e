import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import pg from 'pg';
import type { Stack } from '../../../infra/local/stack.ts';

const hostContainers = /^azure-webjobs/;

/** Everything that the blob account holds, whatever its container: committed or not, name and metadata as one text. */
export async function everyBlob({ endpoints }: Stack): Promise<string[]> {
  const service = BlobServiceClient.fromConnectionString(endpoints.storage);
  const found: string[] = [];
  for await (const container of service.listContainers()) {
    if (hostContainers.test(container.name)) continue;
    const blobs = service.getContainerClient(container.name).listBlobsFlat({
      includeMetadata: true,
      includeUncommitedBlobs: true,
      includeSnapshots: true,
    });
    for await (const { name, metadata } of blobs) {
      found.push(`${container.name}/${name} ${JSON.stringify(metadata ?? {})}`);
    }
  }
  return found;
}

/** The database as nobody of the pipeline sees it: with every right. */
export async function asSuperuser<T>(stack: Stack, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(stack.databaseOwner());
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** `schema.table` of every table that has a row with this text in any of its columns. */
export const tablesWith = (stack: Stack, text: string): Promise<string[]> =>
  asSuperuser(stack, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const answer = await client.query<{ some: boolean }>(
        `SELECT EXISTS (SELECT FROM ${name} AS r WHERE strpos(lower(r::text), lower($1)) > 0) AS some`,
        [text],
      );
      if (answer.rows[0]!.some) found.push(name);
    }
    return found;
  });

/** Files anywhere under a directory that contain this text. */
export async function filesWith(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const has = await Promise.all(files.map(async (file) => (await readFile(file)).includes(text)));
  return files.filter((_file, index) => has[index]);
}
