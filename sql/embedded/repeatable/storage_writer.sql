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
SELECT image_digest, erased_at FROM imaging.ledger WHERE kind <> 'received';

CREATE VIEW storage_writer.erasures AS
SELECT image_id, kind, uploaded_at, delete_at FROM imaging.erasures;

CREATE VIEW storage_writer.ledger AS
SELECT l.entry, leaf.leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger_leaves AS leaf JOIN imaging.ledger AS l ON l.entry = leaf.entry;

-- Entries that the next checkpoint gives a place.
CREATE VIEW storage_writer.ledger_waiting AS
SELECT l.entry, NULL::bigint AS leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes,
       l.lake_rows, l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger AS l WHERE l.entry > coalesce((SELECT max(entry) FROM imaging.ledger_leaves), 0);

CREATE VIEW storage_writer.ledger_checkpoints AS
SELECT log, size, note, published_at FROM imaging.ledger_checkpoints;

-- Which readers pause, and what each skips.
CREATE VIEW storage_writer.reader_states AS
SELECT hub, topic, action, detail, at FROM imaging.reader_changes
WHERE change_id IN (SELECT max(change_id) FROM imaging.reader_changes GROUP BY hub, topic);

CREATE FUNCTION storage_writer.save_image(
  p_image_id uuid, p_owner text, p_source text, p_content_type text, p_bytes bigint, p_width integer, p_height integer,
  p_sha256 text, p_correlation_id text, p_uploaded_at timestamptz, p_delete_at timestamptz, p_at timestamptz,
  p_sender_source text DEFAULT NULL, p_sender_id text DEFAULT NULL, p_file_name text DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.put_image('stored', p_image_id, p_owner, p_source, p_content_type, p_bytes, p_width,
    p_height, p_sha256, p_correlation_id, p_uploaded_at, p_delete_at, NULL, NULL, p_at, p_sender_source,
    p_sender_id, p_file_name);
END $$;

CREATE FUNCTION storage_writer.reject_image(
  p_image_id uuid, p_owner text, p_source text, p_correlation_id text, p_uploaded_at timestamptz,
  p_delete_at timestamptz, p_code text, p_message text, p_at timestamptz, p_content_type text DEFAULT NULL,
  p_bytes bigint DEFAULT NULL, p_sha256 text DEFAULT NULL, p_sender_source text DEFAULT NULL,
  p_sender_id text DEFAULT NULL, p_file_name text DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.put_image('rejected', p_image_id, p_owner, p_source, p_content_type, p_bytes, NULL,
    NULL, p_sha256, p_correlation_id, p_uploaded_at, p_delete_at, p_code, p_message, p_at, p_sender_source,
    p_sender_id, p_file_name);
END $$;

CREATE FUNCTION storage_writer.fail_image(
  p_image_id uuid, p_owner text, p_source text, p_correlation_id text, p_uploaded_at timestamptz,
  p_delete_at timestamptz, p_code text, p_message text, p_at timestamptz, p_sender_source text DEFAULT NULL,
  p_sender_id text DEFAULT NULL, p_file_name text DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.put_image('failed', p_image_id, p_owner, p_source, NULL, NULL, NULL, NULL, NULL,
    p_correlation_id, p_uploaded_at, p_delete_at, p_code, p_message, p_at, p_sender_source, p_sender_id, p_file_name);
END $$;

CREATE FUNCTION storage_writer.save_variants(p_image_id uuid, p_variants jsonb, p_facts jsonb, p_at timestamptz)
RETURNS TABLE (outcome text, orphaned_paths jsonb) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known   text;
  before  jsonb;
  after   jsonb;
  orphans jsonb;
BEGIN
  PERFORM imaging.lock_ledger(false);
  SELECT status INTO known FROM imaging.images WHERE image_id = p_image_id FOR UPDATE;
  IF imaging.is_erased(p_image_id) THEN
    RETURN QUERY SELECT 'erased', '[]'::jsonb;
    RETURN;
  END IF;
  IF known IS NULL THEN
    RETURN QUERY SELECT 'missing', '[]'::jsonb;
    RETURN;
  END IF;
  IF known = 'rejected' THEN
    RAISE EXCEPTION 'The image was rejected, so it has no variants.' USING ERRCODE = 'DK409';
  END IF;

  SELECT coalesce(jsonb_agg(jsonb_build_array(name, sha256, processor_version) ORDER BY name), '[]') INTO before
  FROM imaging.image_variants WHERE image_id = p_image_id;
  SELECT coalesce(jsonb_agg(path), '[]') INTO orphans
  FROM imaging.image_variants
  WHERE image_id = p_image_id AND path NOT IN (SELECT v ->> 'path' FROM jsonb_array_elements(p_variants) AS v);

  DELETE FROM imaging.image_variants WHERE image_id = p_image_id;
  DELETE FROM imaging.image_facts WHERE image_id = p_image_id;
  INSERT INTO imaging.image_variants (image_id, name, content_type, width, height, bytes, sha256, path, processor,
                                      processor_version, created_at)
  SELECT p_image_id, v.name, v."contentType", v.width, v.height, v.bytes, v.sha256, v.path, v.processor,
         v."processorVersion", p_at
  FROM jsonb_to_recordset(p_variants) AS v (name text, "contentType" text, width integer, height integer,
    bytes bigint, sha256 text, path text, processor text, "processorVersion" text);
  INSERT INTO imaging.image_facts (image_id, name, value, processor, processor_version)
  SELECT p_image_id, f.name, coalesce(f.value, 'null'), f.processor, f."processorVersion"
  FROM jsonb_to_recordset(p_facts) AS f (name text, value jsonb, processor text, "processorVersion" text);
  SELECT coalesce(jsonb_agg(jsonb_build_array(name, sha256, processor_version) ORDER BY name), '[]') INTO after
  FROM imaging.image_variants WHERE image_id = p_image_id;

  -- A redelivery makes the same variants again: that is no event.
  IF known <> 'processed' OR before <> after THEN
    UPDATE imaging.images SET status = 'processed', failure_code = NULL, failure_message = NULL
    WHERE image_id = p_image_id;
    INSERT INTO imaging.image_events (image_id, at, event)
    VALUES (p_image_id, p_at, CASE WHEN known = 'processed' THEN 'reprocessed' ELSE 'processed' END);
    IF known <> 'processed' THEN PERFORM imaging.note_outcome(p_image_id, 'processed', NULL, NULL, p_at); END IF;
  END IF;
  RETURN QUERY SELECT 'saved', orphans;
END $$;

-- From here on nothing of these images can be saved. Answers each one's salt and every blob that this erasure, begun
-- before perhaps, found of it.
CREATE FUNCTION storage_writer.begin_erasures(p_images jsonb)
RETURNS TABLE (image_id uuid, salt text, blobs jsonb) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM imaging.lock_ledger(true);
  RETURN QUERY
  INSERT INTO imaging.erasures AS e (image_id, kind, salt, uploaded_at, delete_at, blobs)
  SELECT g.id, g.kind, coalesce(i.salt, replace(gen_random_uuid()::text, '-', '')), g.uploaded_at, g.delete_at, g.blobs
  FROM (
    SELECT DISTINCT ON (v ->> 'imageId') (v ->> 'imageId')::uuid AS id, v ->> 'kind' AS kind,
           (v ->> 'uploadedAt')::timestamptz AS uploaded_at, (v ->> 'deleteAt')::timestamptz AS delete_at,
           coalesce(v -> 'blobs', '{}') AS blobs
    FROM jsonb_array_elements(p_images) AS v
  ) AS g
  LEFT JOIN imaging.images AS i ON i.image_id = g.id
  ORDER BY g.id
  ON CONFLICT (image_id) DO UPDATE SET blobs = e.blobs || excluded.blobs
  RETURNING e.image_id, e.salt::text, e.blobs;
END $$;

-- The end of an erasure: all of the image is gone but its rows.
CREATE FUNCTION storage_writer.erase_images(p_entries jsonb)
RETURNS TABLE (image_id uuid, outcome text, sequence bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  item record;
  gone record;
  seq  bigint;
BEGIN
  PERFORM imaging.lock_ledger(true);
  FOR item IN
    SELECT (e.v ->> 'imageId')::uuid AS id, e.v ->> 'kind' AS kind, e.v ->> 'salt' AS salt,
           (e.v ->> 'blobs')::integer AS blobs, (e.v ->> 'bytes')::bigint AS bytes,
           (e.v ->> 'lakeRows')::integer AS lake_rows, e.v ->> 'uploadedAt' AS uploaded_at,
           e.v ->> 'dueAt' AS due_at, e.v ->> 'erasedAt' AS erased_at, e.v ->> 'signature' AS signature
    FROM jsonb_array_elements(p_entries) WITH ORDINALITY AS e (v, n)
    ORDER BY e.n
  LOOP
    DELETE FROM imaging.replays AS r USING imaging.dead_letters AS d
    WHERE d.image_id = item.id AND r.partition = d.partition AND r.sequence_number = d.sequence_number;
    DELETE FROM imaging.dead_letters AS d WHERE d.image_id = item.id;
    DELETE FROM imaging.erasures AS e WHERE e.image_id = item.id;
    PERFORM imaging.note_outcome(item.id, 'erased', item.kind, NULL, item.erased_at::timestamptz);
    DELETE FROM imaging.images AS i WHERE i.image_id = item.id
    RETURNING i.uploaded_day, i.source, i.status, i.bytes INTO gone;
    IF FOUND THEN
      INSERT INTO imaging.erased_daily AS d (day, source, images, processed, rejected, failed, bytes)
      VALUES (gone.uploaded_day, gone.source, 1, (gone.status = 'processed')::integer,
              (gone.status = 'rejected')::integer, (gone.status = 'failed')::integer, coalesce(gone.bytes, 0))
      ON CONFLICT (day, source) DO UPDATE
      SET images = d.images + 1, processed = d.processed + excluded.processed,
          rejected = d.rejected + excluded.rejected, failed = d.failed + excluded.failed,
          bytes = d.bytes + excluded.bytes;
    END IF;
    SELECT l.entry INTO seq FROM imaging.ledger AS l WHERE l.image_digest = imaging.digest(item.id);
    IF FOUND THEN
      RETURN QUERY SELECT item.id, 'exists', seq;
      CONTINUE;
    END IF;
    INSERT INTO imaging.ledger AS l (kind, commitment, due_at, image_digest, salt, blobs, bytes, lake_rows, uploaded_at,
                                     erased_at, signature)
    VALUES (item.kind, imaging.commitment(item.salt, item.id), item.due_at, imaging.digest(item.id), item.salt, item.blobs,
            item.bytes, item.lake_rows, item.uploaded_at, item.erased_at, item.signature)
    RETURNING l.entry INTO seq;
    RETURN QUERY SELECT item.id, 'erased', seq;
  END LOOP;
END $$;

-- What is to be sent next, in its order, to the process that has the lease; nothing to any other. Forgets first what that
-- process has sent, and all of an image that was erased a day ago: its key stays no longer here than it would in the hub.
CREATE FUNCTION storage_writer.take_outcomes(p_holder text, p_sent jsonb, p_at timestamptz)
RETURNS TABLE (sequence bigint, image_id uuid, outcome text, owner text, sender_source text, sender_id text, code text,
               message text, at timestamptz, epoch_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  DELETE FROM imaging.outcomes
  WHERE sequence IN (SELECT s::bigint FROM jsonb_array_elements_text(p_sent) AS s)
     OR image_id IN (SELECT image_id FROM imaging.outcomes WHERE outcome = 'erased' AND at < p_at - interval '1 day');
  UPDATE imaging.outcome_lease SET holder = p_holder, ends_at = clock_timestamp() + interval '1 minute'
  WHERE (holder = p_holder OR ends_at <= clock_timestamp()) AND EXISTS (SELECT FROM imaging.outcomes);
  IF NOT FOUND THEN
    UPDATE imaging.outcome_lease SET ends_at = clock_timestamp() WHERE holder = p_holder AND ends_at > clock_timestamp();
    RETURN;
  END IF;
  RETURN QUERY
  SELECT o.sequence, o.image_id, o.outcome::text, o.owner::text, o.sender_source::text, o.sender_id::text, o.code::text,
         o.message::text, o.at, (SELECT max(e.at) FROM orders.epochs AS e)
  FROM imaging.outcomes AS o ORDER BY o.sequence LIMIT 500;
END $$;

-- Gives every entry that has none its place among the leaves. With the ledger locked no writer is under way, so entries are
-- complete up to the last one.
CREATE FUNCTION storage_writer.sequence_ledger() RETURNS TABLE (size bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  next bigint;
  last bigint;
BEGIN
  PERFORM imaging.lock_ledger(true);
  SELECT leaf_index + 1, entry INTO next, last FROM imaging.ledger_leaves ORDER BY leaf_index DESC LIMIT 1;
  INSERT INTO imaging.ledger_leaves (leaf_index, entry)
  SELECT coalesce(next, 0) + row_number() OVER (ORDER BY entry) - 1, entry
  FROM imaging.ledger WHERE entry > coalesce(last, 0);
  RETURN QUERY SELECT coalesce(max(leaf_index) + 1, 0) FROM imaging.ledger_leaves;
END $$;

CREATE FUNCTION storage_writer.record_checkpoint(p_log text, p_size bigint, p_note text, p_at timestamptz)
RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO imaging.ledger_checkpoints (log, size, note, published_at) VALUES (p_log, p_size, p_note, p_at)
  ON CONFLICT (log, size) DO NOTHING;
  RETURN QUERY SELECT CASE WHEN FOUND THEN 'created' ELSE 'exists' END;
END $$;

CREATE FUNCTION storage_writer.forget_dead_letter_payloads(p_claim_checks jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE imaging.dead_letters SET claim_check = NULL
  WHERE claim_check IN (SELECT jsonb_array_elements_text(p_claim_checks));
END $$;

-- One that was discarded stays as long as its image, which would else be taken for one that nobody decided on.
CREATE FUNCTION storage_writer.forget_expired_dead_letters(p_at timestamptz)
RETURNS TABLE (forgotten bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH gone AS (
    DELETE FROM imaging.dead_letters AS d WHERE d.expires_at <= p_at AND d.claim_check IS NULL AND NOT (
      EXISTS (SELECT FROM imaging.images AS i WHERE i.image_id = d.image_id)
      AND EXISTS (SELECT FROM imaging.replays AS r WHERE r.partition = d.partition
                  AND r.sequence_number = d.sequence_number AND r.outcome = 'discarded'))
    RETURNING 1
  )
  SELECT count(*) FROM gone;
END $$;

-- After a restore. Exports that follow write the lake anew.
CREATE FUNCTION storage_writer.begin_epoch(p_at timestamptz) RETURNS TABLE (epoch uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO orders.epochs AS e (at) VALUES (p_at) RETURNING e.epoch;
$$;
