CREATE VIEW storage_writer.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;

CREATE VIEW storage_writer.image_variants AS
SELECT image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, created_at
FROM imaging.image_variants;

CREATE VIEW storage_writer.dead_letter_payloads AS
SELECT partition, sequence_number, image_id, claim_check, expires_at
FROM imaging.dead_letters
WHERE claim_check IS NOT NULL;

CREATE VIEW storage_writer.erased AS
SELECT image_digest, erased_at FROM imaging.ledger;

CREATE VIEW storage_reader.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;

CREATE VIEW storage_reader.image_variants AS
SELECT image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, created_at
FROM imaging.image_variants;

CREATE VIEW storage_reader.image_facts AS
SELECT image_id, name, value, processor, processor_version FROM imaging.image_facts;

CREATE VIEW storage_reader.image_events AS
SELECT sequence, image_id, at, event, detail FROM imaging.image_events;

CREATE VIEW operations.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;

CREATE VIEW operations.image_counts AS
SELECT status, source, count(*) AS images, coalesce(sum(bytes), 0)::bigint AS bytes, min(uploaded_at) AS oldest
FROM imaging.images
GROUP BY status, source;

CREATE VIEW operations.processors AS
SELECT processor, processor_version, count(DISTINCT image_id) AS images, max(created_at) AS last_at
FROM imaging.image_variants
GROUP BY processor, processor_version;

CREATE VIEW operations.dead_letters AS
SELECT d.partition, d.sequence_number, d.origin_hub, d.origin_partition, d.origin_offset, d.stage, d.code, d.message,
       d.attempts, d.image_id, d.payload_bytes, d.claim_check, d.dead_at, d.expires_at,
       coalesce(r.replays, 0)::integer AS replays, r.last_outcome
FROM imaging.dead_letters AS d
LEFT JOIN LATERAL (
  SELECT count(*) AS replays, (array_agg(outcome ORDER BY replay_id DESC))[1] AS last_outcome
  FROM imaging.replays
  WHERE partition = d.partition AND sequence_number = d.sequence_number
) AS r ON true;

CREATE VIEW operations.replays AS
SELECT replay_id, partition, sequence_number, actor, reason, outcome, at FROM imaging.replays;

CREATE VIEW operations.purges AS
SELECT sequence, kind, image_digest, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at, previous_hash, hash
FROM imaging.ledger;

CREATE VIEW operations.erased AS
SELECT image_digest, erased_at FROM imaging.ledger;
