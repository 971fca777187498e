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

CREATE FUNCTION storage_writer.save_image(
  p_image_id uuid, p_owner text, p_source text, p_content_type text, p_bytes bigint, p_width integer, p_height integer,
  p_sha256 text, p_correlation_id text, p_uploaded_at timestamptz, p_delete_at timestamptz, p_at timestamptz
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.put_image('stored', p_image_id, p_owner, p_source, p_content_type, p_bytes, p_width,
    p_height, p_sha256, p_correlation_id, p_uploaded_at, p_delete_at, NULL, NULL, p_at);
END $$;

CREATE FUNCTION storage_writer.reject_image(
  p_image_id uuid, p_owner text, p_source text, p_correlation_id text, p_uploaded_at timestamptz,
  p_delete_at timestamptz, p_code text, p_message text, p_at timestamptz, p_content_type text DEFAULT NULL,
  p_bytes bigint DEFAULT NULL, p_sha256 text DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.put_image('rejected', p_image_id, p_owner, p_source, p_content_type, p_bytes, NULL,
    NULL, p_sha256, p_correlation_id, p_uploaded_at, p_delete_at, p_code, p_message, p_at);
END $$;

CREATE FUNCTION storage_writer.fail_image(
  p_image_id uuid, p_owner text, p_source text, p_correlation_id text, p_uploaded_at timestamptz,
  p_delete_at timestamptz, p_code text, p_message text, p_at timestamptz
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT imaging.put_image('failed', p_image_id, p_owner, p_source, NULL, NULL, NULL, NULL, NULL,
    p_correlation_id, p_uploaded_at, p_delete_at, p_code, p_message, p_at);
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
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE imaging.dead_letters SET claim_check = NULL
  WHERE claim_check IN (SELECT jsonb_array_elements_text(p_claim_checks));
END $$;

CREATE FUNCTION storage_writer.forget_expired_dead_letters(p_at timestamptz)
RETURNS TABLE (forgotten bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH gone AS (
    DELETE FROM imaging.dead_letters WHERE expires_at <= p_at AND claim_check IS NULL
    RETURNING 1
  )
  SELECT count(*) FROM gone;
END $$;
