import pg from 'pg';
import { personas } from '../../../infra/local/identity/personas.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';

const blurhash = 'LEHV6nWB2yk8pyo0adR*.7kCMdnj';

/** Rows of that many processed images of a persona, as the pipeline would have written them; their files are not there. */
export async function insertImages(stack: TestStack, persona: string, count: number): Promise<void> {
  const { oid: owner } = personas[persona]!;
  const client = new pg.Client(stack.databaseOwner());
  await client.connect();
  await client.query(
    `INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256,
       correlation_id, uploaded_at, delete_at)
     SELECT gen_random_uuid(), $1::text, 'http', 'processed', 'image/jpeg', 1000, 300, 200, repeat('0', 64),
       'many ' || $1::text, now() - n * interval '1 second', now() + interval '6 days' - n * interval '1 second'
     FROM generate_series(1, $2::int) AS n`,
    [owner, count],
  );
  await client.query(
    `INSERT INTO imaging.image_facts (image_id, name, value, processor, processor_version)
     SELECT image_id, 'blurhash', to_jsonb($1::text), 'blurhash', '1' FROM imaging.images
     WHERE correlation_id = 'many ' || $2::text`,
    [blurhash, owner],
  );
  await client.end();
}

/** Takes them away again: the ledger never received them, and says so. */
export async function removeImages(stack: TestStack, persona: string): Promise<void> {
  const mark = [`many ${personas[persona]!.oid}`];
  const client = new pg.Client(stack.databaseOwner());
  await client.connect();
  const many = 'SELECT image_id FROM imaging.images WHERE correlation_id = $1';
  await client.query(`DELETE FROM imaging.image_facts WHERE image_id IN (${many})`, mark);
  await client.query('DELETE FROM imaging.images WHERE correlation_id = $1', mark);
  await client.end();
}
