import pg from 'pg';

/** As many images with what was made of them, dead letters and ledger entries as somebody asks for; the same number gives the same rows. */
const statements: readonly (readonly [what: string, statement: string])[] = [
  [
    'images',
    // Over the seven days that they are kept, and those of four hours more that are due.
    `INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256,
       correlation_id, uploaded_at, delete_at)
     SELECT md5('image ' || n)::uuid, 'owner ' || n % 100, (ARRAY['http', 'kafka', 'tus'])[1 + n % 3], 'processed',
       'image/jpeg', 2000000 + n, 4000, 3000, repeat(md5(n::text), 2), md5('image ' || n),
       now() - n * interval '172 hours' / $1::integer, now() - n * interval '172 hours' / $1::integer + interval '168 hours'
     FROM generate_series(1, $1::integer) AS n`,
  ],
  [
    'variants',
    `INSERT INTO imaging.image_variants (image_id, name, content_type, width, height, bytes, sha256, path, processor,
       processor_version, created_at)
     SELECT md5('image ' || n)::uuid, name, 'image/jpeg', 720, 540, 90000, repeat(md5(n::text), 2),
       md5('image ' || n) || '/' || name || '.jpg', 'standard', '1.0.0', now()
     FROM generate_series(1, $1::integer) AS n, unnest(ARRAY['preview', 'thumbnail', 'web']) AS name`,
  ],
  [
    'facts',
    `INSERT INTO imaging.image_facts (image_id, name, value, processor, processor_version)
     SELECT md5('image ' || n)::uuid, name, '"LEHV6nWB2yk8pyo0adR*.7kCMdnj"', 'standard', '1.0.0'
     FROM generate_series(1, $1::integer) AS n, unnest(ARRAY['blurhash', 'colour']) AS name`,
  ],
  [
    'events',
    `INSERT INTO imaging.image_events (image_id, at, event)
     SELECT md5('image ' || n)::uuid, now(), event
     FROM generate_series(1, $1::integer) AS n, unnest(ARRAY['received', 'stored', 'processed']) AS event`,
  ],
  [
    'dead letters',
    `INSERT INTO imaging.dead_letters (partition, sequence_number, origin_hub, origin_partition, origin_offset, stage,
       code, message, attempts, payload_bytes, dead_at, expires_at)
     SELECT n % 4, n / 4, 'image-stream', n % 4, n, 'receive', 'invalid-record', 'no JSON', 1, 1000,
       now() - n * interval '6 days' / $1::integer, now() + interval '6 days' - n * interval '6 days' / $1::integer
     FROM generate_series(1, $1::integer) AS n`,
  ],
  [
    'ledger',
    // Every image as received, then each as erased.
    `INSERT INTO imaging.ledger (kind, commitment, due_at, image_digest, salt, blobs, bytes, lake_rows, uploaded_at,
       erased_at, signature)
     SELECT 'received', encode(sha256(convert_to('commitment ' || n, 'UTF8')), 'hex'), '2026-01-08T00:00:00.000Z', NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL
     FROM generate_series(1, $1::integer) AS n
     UNION ALL
     SELECT 'retention', encode(sha256(convert_to('commitment ' || n, 'UTF8')), 'hex'), '2026-01-08T00:00:00.000Z',
       encode(sha256(convert_to('darkroom-image:' || md5('erased ' || n)::uuid, 'UTF8')), 'hex'), md5('salt ' || n), 4,
       2270000, 1, '2026-01-01T00:00:00.000Z', '2026-01-08T00:00:10.000Z', repeat('A', 86) || '=='
     FROM generate_series(1, $1::integer) AS n`,
  ],
];

export async function fillImages(owner: string, images: number): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  for (const [what, statement] of statements) {
    console.error(`  ${images} images: ${what}`);
    await client.query(statement, [images]);
  }
  await client.query('VACUUM ANALYZE');
  await client.end();
}
