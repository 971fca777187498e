CREATE VIEW storage_writer.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;
GO
CREATE VIEW storage_writer.image_variants AS
SELECT image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, created_at
FROM imaging.image_variants;
GO
CREATE VIEW storage_writer.dead_letter_payloads AS
SELECT [partition], sequence_number, image_id, claim_check, expires_at
FROM imaging.dead_letters
WHERE claim_check IS NOT NULL;
GO
CREATE VIEW storage_writer.erased AS
SELECT image_digest, erased_at FROM imaging.ledger;
GO
CREATE VIEW storage_reader.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;
GO
CREATE VIEW storage_reader.image_variants AS
SELECT image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, created_at
FROM imaging.image_variants;
GO
CREATE VIEW storage_reader.image_facts AS
SELECT image_id, name, value, processor, processor_version FROM imaging.image_facts;
GO
CREATE VIEW storage_reader.image_events AS
SELECT sequence, image_id, at, event, detail FROM imaging.image_events;
GO
CREATE VIEW operations.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;
GO
CREATE VIEW operations.image_counts AS
SELECT status, source, COUNT_BIG(*) AS images, COALESCE(SUM(bytes), 0) AS bytes, MIN(uploaded_at) AS oldest
FROM imaging.images
GROUP BY status, source;
GO
CREATE VIEW operations.processors AS
SELECT processor, processor_version, COUNT_BIG(DISTINCT image_id) AS images, MAX(created_at) AS last_at
FROM imaging.image_variants
GROUP BY processor, processor_version;
GO
CREATE VIEW operations.dead_letters AS
SELECT d.[partition], d.sequence_number, d.origin_hub, d.origin_partition, d.origin_offset, d.stage, d.code, d.message,
       d.attempts, d.image_id, d.payload_bytes, d.claim_check, d.dead_at, d.expires_at,
       COALESCE(r.replays, 0) AS replays, l.outcome AS last_outcome
FROM imaging.dead_letters AS d
LEFT JOIN (
  SELECT [partition], sequence_number, COUNT(*) AS replays, MAX(replay_id) AS last_id
  FROM imaging.replays GROUP BY [partition], sequence_number
) AS r ON r.[partition] = d.[partition] AND r.sequence_number = d.sequence_number
LEFT JOIN imaging.replays AS l ON l.replay_id = r.last_id;
GO
CREATE VIEW operations.replays AS
SELECT replay_id, [partition], sequence_number, actor, reason, outcome, at FROM imaging.replays;
GO
CREATE VIEW operations.purges AS
SELECT sequence, kind, image_digest, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at, previous_hash, hash
FROM imaging.ledger;
GO
CREATE VIEW operations.erased AS
SELECT image_digest, erased_at FROM imaging.ledger;
