CREATE VIEW storage_reader.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message, file_name
FROM imaging.images;

CREATE VIEW storage_reader.image_variants AS
SELECT image_id, name, content_type, width, height, bytes, sha256, path, processor, processor_version, created_at
FROM imaging.image_variants;

-- What serving a variant takes, in one look-up.
CREATE VIEW storage_reader.servable_variants AS
SELECT i.image_id, i.owner, i.source, i.status, i.content_type, i.bytes, i.width, i.height, i.sha256, i.correlation_id,
       i.uploaded_at, i.delete_at, i.failure_code, i.failure_message, i.file_name, v.name,
       v.content_type AS variant_content_type, v.width AS variant_width, v.height AS variant_height,
       v.bytes AS variant_bytes, v.sha256 AS variant_sha256, v.path, v.processor, v.processor_version
FROM imaging.images AS i JOIN imaging.image_variants AS v ON v.image_id = i.image_id;

CREATE VIEW storage_reader.image_facts AS
SELECT image_id, name, value, processor, processor_version FROM imaging.image_facts;

CREATE VIEW storage_reader.image_events AS
SELECT sequence, image_id, at, event, detail FROM imaging.image_events;

-- What a receipt is made of.
CREATE VIEW storage_reader.ledger AS
SELECT l.entry, leaf.leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger AS l LEFT JOIN imaging.ledger_leaves AS leaf ON leaf.entry = l.entry;

CREATE VIEW storage_reader.ledger_checkpoints AS
SELECT log, size, note, published_at FROM imaging.ledger_checkpoints;
