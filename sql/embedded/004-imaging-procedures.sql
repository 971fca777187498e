-- Saving and erasing must agree on what is erased: savers share this lock, the eraser has it alone.
CREATE FUNCTION imaging.lock_ledger(p_alone boolean) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_alone THEN PERFORM pg_advisory_xact_lock(7235942);
  ELSE PERFORM pg_advisory_xact_lock_shared(7235942);
  END IF;
END $$;

CREATE FUNCTION imaging.is_erased(p_image_id uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM imaging.ledger WHERE image_digest = imaging.digest(p_image_id));

CREATE FUNCTION storage_writer.save_image(
  p_image_id uuid, p_owner text, p_source text, p_content_type text, p_bytes bigint, p_width integer, p_height integer,
  p_sha256 text, p_correlation_id text, p_uploaded_at timestamptz, p_delete_at timestamptz, p_at timestamptz
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text;
BEGIN
  PERFORM imaging.lock_ledger(false);
  IF imaging.is_erased(p_image_id) THEN
    RETURN QUERY SELECT 'erased';
    RETURN;
  END IF;
  INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256,
                              correlation_id, uploaded_at, delete_at)
  VALUES (p_image_id, p_owner, p_source, 'stored', p_content_type, p_bytes, p_width, p_height, p_sha256,
          p_correlation_id, p_uploaded_at, p_delete_at)
  ON CONFLICT (image_id) DO NOTHING;
  IF FOUND THEN
    INSERT INTO imaging.image_events (image_id, at, event, detail)
    VALUES (p_image_id, p_uploaded_at, 'received', p_source), (p_image_id, p_at, 'stored', NULL);
    RETURN QUERY SELECT 'created';
    RETURN;
  END IF;
  SELECT status INTO STRICT known FROM imaging.images WHERE image_id = p_image_id FOR UPDATE;
  IF known <> 'failed' THEN
    RETURN QUERY SELECT 'exists';
    RETURN;
  END IF;
  UPDATE imaging.images
  SET status = 'stored', content_type = p_content_type, bytes = p_bytes, width = p_width, height = p_height,
      sha256 = p_sha256, failure_code = NULL, failure_message = NULL
  WHERE image_id = p_image_id;
  INSERT INTO imaging.image_events (image_id, at, event) VALUES (p_image_id, p_at, 'stored');
  RETURN QUERY SELECT 'created';
END $$;

-- What reject_image and fail_image share: the row of an image that ends without derivatives.
CREATE FUNCTION imaging.end_image(
  p_status text, p_image_id uuid, p_owner text, p_source text, p_content_type text, p_bytes bigint,
  p_correlation_id text, p_uploaded_at timestamptz, p_delete_at timestamptz, p_code text, p_message text,
  p_at timestamptz
) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text;
BEGIN
  PERFORM imaging.lock_ledger(false);
  IF imaging.is_erased(p_image_id) THEN RETURN 'erased'; END IF;
  INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, correlation_id, uploaded_at,
                              delete_at, failure_code, failure_message)
  VALUES (p_image_id, p_owner, p_source, p_status, p_content_type, p_bytes, p_correlation_id, p_uploaded_at,
          p_delete_at, p_code, p_message)
  ON CONFLICT (image_id) DO NOTHING;
  IF FOUND THEN
    INSERT INTO imaging.image_events (image_id, at, event, detail)
    VALUES (p_image_id, p_uploaded_at, 'received', p_source), (p_image_id, p_at, p_status, p_code);
    RETURN 'created';
  END IF;
  SELECT status INTO STRICT known FROM imaging.images WHERE image_id = p_image_id FOR UPDATE;
  -- Processed and rejected are final. A failed image may turn out to be none, when it is replayed.
  IF known IN ('processed', 'rejected', p_status) THEN RETURN 'exists'; END IF;
  UPDATE imaging.images
  SET status = p_status, failure_code = p_code, failure_message = p_message,
      content_type = coalesce(p_content_type, content_type), bytes = coalesce(p_bytes, bytes)
  WHERE image_id = p_image_id;
  INSERT INTO imaging.image_events (image_id, at, event, detail) VALUES (p_image_id, p_at, p_status, p_code);
  RETURN 'created';
END $$;

CREATE FUNCTION storage_writer.reject_image(
  p_image_id uuid, p_owner text, p_source text, p_correlation_id text, p_uploaded_at timestamptz,
  p_delete_at timestamptz, p_code text, p_message text, p_at timestamptz, p_content_type text DEFAULT NULL,
  p_bytes bigint DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.end_image('rejected', p_image_id, p_owner, p_source, p_content_type, p_bytes,
    p_correlation_id, p_uploaded_at, p_delete_at, p_code, left(p_message, 1000), p_at);
END $$;

CREATE FUNCTION storage_writer.fail_image(
  p_image_id uuid, p_owner text, p_source text, p_correlation_id text, p_uploaded_at timestamptz,
  p_delete_at timestamptz, p_code text, p_message text, p_at timestamptz
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.end_image('failed', p_image_id, p_owner, p_source, NULL, NULL,
    p_correlation_id, p_uploaded_at, p_delete_at, p_code, left(p_message, 1000), p_at);
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
  IF known IS NULL THEN
    RETURN QUERY SELECT CASE WHEN imaging.is_erased(p_image_id) THEN 'erased' ELSE 'missing' END, '[]'::jsonb;
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
  END IF;
  RETURN QUERY SELECT 'saved', orphans;
END $$;

CREATE FUNCTION storage_writer.erase_images(p_entries jsonb)
RETURNS TABLE (image_id uuid, outcome text, sequence bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  entry    record;
  gone     record;
  last_seq bigint;
  last     text;
  seq      bigint;
BEGIN
  PERFORM imaging.lock_ledger(true);
  SELECT l.sequence, l.hash INTO last_seq, last FROM imaging.ledger AS l ORDER BY l.sequence DESC LIMIT 1;
  last_seq := coalesce(last_seq, 0);
  last := coalesce(last, repeat('0', 64));
  FOR entry IN
    SELECT (e.v ->> 'imageId')::uuid AS id, e.v ->> 'kind' AS kind, e.v ->> 'imageDigest' AS digest,
           (e.v ->> 'blobs')::integer AS blobs, (e.v ->> 'bytes')::bigint AS bytes,
           (e.v ->> 'lakeRows')::integer AS lake_rows, e.v ->> 'uploadedAt' AS uploaded_at,
           e.v ->> 'dueAt' AS due_at, e.v ->> 'erasedAt' AS erased_at
    FROM jsonb_array_elements(p_entries) WITH ORDINALITY AS e (v, n)
    ORDER BY e.n
  LOOP
    IF entry.digest IS DISTINCT FROM imaging.digest(entry.id) THEN
      RAISE EXCEPTION 'The digest is not that of the image.' USING ERRCODE = 'DK422';
    END IF;
    DELETE FROM imaging.images AS i WHERE i.image_id = entry.id
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
    SELECT l.sequence INTO seq FROM imaging.ledger AS l WHERE l.image_digest = entry.digest;
    IF FOUND THEN
      RETURN QUERY SELECT entry.id, 'exists', seq;
      CONTINUE;
    END IF;
    last_seq := last_seq + 1;
    INSERT INTO imaging.ledger (sequence, kind, image_digest, blobs, bytes, lake_rows, uploaded_at, due_at, erased_at,
                                previous_hash, hash)
    VALUES (last_seq, entry.kind, entry.digest, entry.blobs, entry.bytes, entry.lake_rows, entry.uploaded_at,
            entry.due_at, entry.erased_at, last,
            encode(sha256(convert_to(concat_ws('|', last_seq, entry.kind, entry.digest, entry.blobs, entry.bytes,
              entry.lake_rows, entry.uploaded_at, entry.due_at, entry.erased_at, last), 'UTF8')), 'hex'))
    RETURNING hash INTO last;
    RETURN QUERY SELECT entry.id, 'erased', last_seq;
  END LOOP;
END $$;

CREATE FUNCTION storage_writer.forget_dead_letter_payloads(p_claim_checks jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE imaging.dead_letters SET claim_check = NULL
  WHERE claim_check IN (SELECT jsonb_array_elements_text(p_claim_checks));
END $$;

CREATE FUNCTION storage_writer.forget_expired_dead_letters(p_at timestamptz)
RETURNS TABLE (forgotten bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH gone AS (
    DELETE FROM imaging.dead_letters WHERE expires_at <= p_at AND claim_check IS NULL
    RETURNING 1
  )
  SELECT count(*) FROM gone;
END $$;

CREATE FUNCTION operations.record_dead_letter(
  p_partition text, p_sequence_number bigint, p_origin_hub text, p_origin_partition text, p_origin_offset text,
  p_stage text, p_code text, p_message text, p_attempts integer, p_payload_bytes bigint, p_dead_at timestamptz,
  p_expires_at timestamptz, p_image_id uuid DEFAULT NULL, p_claim_check text DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO imaging.dead_letters (partition, sequence_number, origin_hub, origin_partition, origin_offset, stage, code,
                                    message, attempts, image_id, payload_bytes, claim_check, dead_at, expires_at)
  VALUES (p_partition, p_sequence_number, p_origin_hub, p_origin_partition, p_origin_offset, p_stage, p_code,
          left(p_message, 1000), p_attempts, p_image_id, p_payload_bytes, p_claim_check, p_dead_at, p_expires_at)
  ON CONFLICT (partition, sequence_number) DO NOTHING;
  RETURN QUERY SELECT CASE WHEN FOUND THEN 'created' ELSE 'exists' END;
END $$;

CREATE FUNCTION operations.record_replay(
  p_partition text, p_sequence_number bigint, p_reason text, p_outcome text, p_at timestamptz
) RETURNS TABLE (replay_id bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  letter record;
  id     bigint;
BEGIN
  SELECT d.image_id INTO letter FROM imaging.dead_letters AS d
  WHERE d.partition = p_partition AND d.sequence_number = p_sequence_number;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such dead letter.' USING ERRCODE = 'DK404';
  END IF;
  INSERT INTO imaging.replays AS r (partition, sequence_number, reason, outcome, at)
  VALUES (p_partition, p_sequence_number, p_reason, p_outcome, p_at)
  RETURNING r.replay_id INTO id;
  INSERT INTO imaging.image_events (image_id, at, event, detail)
  SELECT i.image_id, p_at, 'replayed', p_reason FROM imaging.images AS i
  WHERE i.image_id = letter.image_id AND p_outcome = 'applied';
  RETURN QUERY SELECT id;
END $$;
