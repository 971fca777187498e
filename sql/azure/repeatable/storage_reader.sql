CREATE VIEW storage_reader.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message, file_name
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
-- What a receipt is made of.
CREATE VIEW storage_reader.ledger AS
SELECT l.entry, leaf.leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger AS l LEFT JOIN imaging.ledger_leaves AS leaf ON leaf.entry = l.entry;
GO
CREATE VIEW storage_reader.ledger_checkpoints AS
SELECT log, size, note, published_at FROM imaging.ledger_checkpoints;
