import { BlobServiceClient } from '@azure/storage-blob';
import pg from 'pg';
import { containers } from '../../../shared/platform/blobs/containers.ts';
import { sha256 } from './sources.ts';
import type { StackProcess } from './stack-process.ts';

export interface Row {
  readonly id: string;
  readonly status: string;
  readonly sha256: string | null;
  /** Names of its variants. */
  readonly variants: readonly string[];
}

export interface Account {
  readonly rows: readonly Row[];
  readonly deadLetters: readonly string[];
  /** Digests of the stored originals, by image. */
  readonly originals: ReadonlyMap<string, string>;
  /** Paths of the stored derivatives. */
  readonly derivatives: readonly string[];
}

async function inDatabase({ record }: StackProcess) {
  const client = new pg.Client(record.databaseOwner);
  await client.connect();
  try {
    const { rows } = await client.query<Row>(
      `SELECT image_id AS id, status, sha256,
              ARRAY(SELECT name::text FROM imaging.image_variants AS v WHERE v.image_id = i.image_id ORDER BY name) AS variants
       FROM imaging.images AS i`,
    );
    const dead = await client.query<{ line: string }>(
      `SELECT concat_ws(' ', stage, code, message, image_id) AS line FROM imaging.dead_letters`,
    );
    return { rows, deadLetters: dead.rows.map(({ line }) => line) };
  } finally {
    await client.end();
  }
}

/** What database and blob store hold, read past the services. */
export async function takeAccount(stack: StackProcess): Promise<Account> {
  const service = BlobServiceClient.fromConnectionString(stack.record.storage);
  const originals = new Map<string, string>();
  const raw = service.getContainerClient(containers.raw);
  for await (const { name } of raw.listBlobsFlat()) {
    originals.set(name, sha256(await raw.getBlobClient(name).downloadToBuffer()));
  }
  const derivatives: string[] = [];
  for await (const { name } of service.getContainerClient(containers.processed).listBlobsFlat())
    derivatives.push(name);
  return { ...(await inDatabase(stack)), originals, derivatives };
}
