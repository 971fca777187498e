-- An erased image is known by this digest only.
CREATE FUNCTION imaging.digest(p_image_id uuid) RETURNS text LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN encode(sha256(convert_to('darkroom-image:' || p_image_id::text, 'UTF8')), 'hex');

-- What the ledger says of an image when it is received: who does not know the salt cannot tell of which.
CREATE FUNCTION imaging.commitment(p_salt text, p_image_id uuid) RETURNS text LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN encode(sha256(convert_to('darkroom-commitment:' || p_salt || ':' || p_image_id::text, 'UTF8')), 'hex');

CREATE FUNCTION imaging.instant_text(p_at timestamptz) RETURNS text LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

CREATE FUNCTION imaging.stamp_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;

CREATE TRIGGER images_stamp_change BEFORE UPDATE ON imaging.images
  FOR EACH ROW EXECUTE FUNCTION imaging.stamp_change();

CREATE FUNCTION imaging.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is only ever added to.' USING ERRCODE = 'DK409';
END $$;

CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON imaging.ledger
  FOR EACH STATEMENT EXECUTE FUNCTION imaging.refuse_change();

CREATE TRIGGER ledger_leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON imaging.ledger_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION imaging.refuse_change();

CREATE TRIGGER ledger_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON imaging.ledger_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION imaging.refuse_change();

CREATE TRIGGER erased_daily_stamp_change BEFORE UPDATE ON imaging.erased_daily
  FOR EACH ROW EXECUTE FUNCTION imaging.stamp_change();

-- Saving and erasing must agree on what is erased, or is being erased: savers share this lock, the eraser has it alone.
CREATE FUNCTION imaging.lock_ledger(p_alone boolean) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_alone THEN PERFORM pg_advisory_xact_lock(7235942);
  ELSE PERFORM pg_advisory_xact_lock_shared(7235942);
  END IF;
END $$;

CREATE FUNCTION imaging.is_erased(p_image_id uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM imaging.erasures WHERE image_id = p_image_id)
  OR EXISTS (SELECT FROM imaging.ledger WHERE image_digest = imaging.digest(p_image_id));

-- Notes for the sender what became of its image; over HTTP the sender asks. Called while the image's row is locked, so that
-- the sequence is the order in which things came about.
CREATE FUNCTION imaging.note_outcome(
  p_image_id uuid, p_outcome text, p_code text, p_message text, p_at timestamptz
) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  INSERT INTO imaging.outcomes (image_id, outcome, owner, sender_source, sender_id, code, message, at)
  SELECT image_id, p_outcome, owner, sender_source, sender_id, p_code, left(p_message, 1000), p_at
  FROM imaging.images WHERE image_id = p_image_id AND source = 'kafka';
END;

-- Puts an image into a status that is not `processed`. Processed and rejected are final; a failed image may be stored
-- after all, or turn out to be no image, when it is replayed.
CREATE FUNCTION imaging.put_image(
  p_status text, p_image_id uuid, p_owner text, p_source text, p_content_type text, p_bytes bigint, p_width integer,
  p_height integer, p_sha256 text, p_correlation_id text, p_uploaded_at timestamptz, p_delete_at timestamptz,
  p_code text, p_message text, p_at timestamptz, p_sender_source text, p_sender_id text,
  p_file_name text
) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
BEGIN
  PERFORM imaging.lock_ledger(false);
  IF imaging.is_erased(p_image_id) THEN RETURN 'erased'; END IF;
  INSERT INTO imaging.images (image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id,
                              uploaded_at, delete_at, failure_code, failure_message, sender_source, sender_id, file_name)
  VALUES (p_image_id, p_owner, p_source, p_status, p_content_type, p_bytes, p_width, p_height, p_sha256, p_correlation_id,
          p_uploaded_at, p_delete_at, p_code, left(p_message, 1000), p_sender_source, p_sender_id, p_file_name)
  ON CONFLICT (image_id) DO NOTHING;
  IF FOUND THEN
    INSERT INTO imaging.image_events (image_id, at, event, detail) VALUES (p_image_id, p_uploaded_at, 'received', p_source);
    INSERT INTO imaging.ledger (kind, commitment, due_at)
    SELECT 'received', imaging.commitment(salt, image_id), imaging.instant_text(delete_at)
    FROM imaging.images WHERE image_id = p_image_id;
  ELSE
    SELECT status, owner, sha256 INTO STRICT known FROM imaging.images WHERE image_id = p_image_id FOR UPDATE;
    -- A producer's id that came before from another owner, or with other bytes that got their answer.
    IF p_source = 'kafka' AND known.owner <> p_owner OR known.status <> 'failed' AND known.sha256 <> p_sha256 THEN
      RETURN 'reused';
    END IF;
    IF known.status NOT IN ('stored', 'failed') OR known.status = p_status THEN RETURN 'exists'; END IF;
    UPDATE imaging.images
    SET status = p_status, failure_code = p_code, failure_message = left(p_message, 1000),
        content_type = coalesce(p_content_type, content_type), bytes = coalesce(p_bytes, bytes),
        width = coalesce(p_width, width), height = coalesce(p_height, height), sha256 = coalesce(p_sha256, sha256),
        file_name = coalesce(p_file_name, file_name)
    WHERE image_id = p_image_id;
  END IF;
  INSERT INTO imaging.image_events (image_id, at, event, detail) VALUES (p_image_id, p_at, p_status, p_code);
  IF p_status <> 'stored' THEN PERFORM imaging.note_outcome(p_image_id, p_status, p_code, p_message, p_at); END IF;
  RETURN 'created';
END $$;

-- Images that live, and what is kept of those that are gone. Both carry their watermark, for the warehouse.
CREATE VIEW imaging.images_daily AS
SELECT day, source, sum(images)::bigint AS images, sum(processed)::bigint AS processed,
       sum(rejected)::bigint AS rejected, sum(failed)::bigint AS failed, sum(bytes)::bigint AS bytes,
       max(changed_in) AS changed
FROM (
  SELECT uploaded_day AS day, source, count(*) AS images, count(*) FILTER (WHERE status = 'processed') AS processed,
         count(*) FILTER (WHERE status = 'rejected') AS rejected, count(*) FILTER (WHERE status = 'failed') AS failed,
         coalesce(sum(bytes), 0)::bigint AS bytes, max(changed_in) AS changed_in
  FROM imaging.images
  GROUP BY uploaded_day, source
  UNION ALL
  SELECT day, source, images, processed, rejected, failed, bytes, changed_in FROM imaging.erased_daily
) AS parts
GROUP BY day, source;
