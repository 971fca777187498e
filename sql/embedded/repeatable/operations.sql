CREATE VIEW operations.images AS
SELECT image_id, owner, source, status, content_type, bytes, width, height, sha256, correlation_id, uploaded_at,
       delete_at, failure_code, failure_message
FROM imaging.images;

CREATE VIEW operations.image_counts AS
SELECT status, source, count(*) AS images, coalesce(sum(bytes), 0)::bigint AS bytes, min(uploaded_at) AS oldest
FROM imaging.images
GROUP BY status, source;

-- A processor may make facts and no file, and its versions count too. Facts are saved with the variants, at their time.
CREATE VIEW operations.processors AS
SELECT processor, processor_version, count(DISTINCT image_id) AS images, max(created_at) AS last_at
FROM (
  SELECT image_id, processor, processor_version, created_at FROM imaging.image_variants
  UNION ALL
  SELECT f.image_id, f.processor, f.processor_version, coalesce(v.saved_at, i.uploaded_at)
  FROM imaging.image_facts AS f
  JOIN imaging.images AS i ON i.image_id = f.image_id
  LEFT JOIN (SELECT image_id, max(created_at) AS saved_at FROM imaging.image_variants GROUP BY image_id) AS v
    ON v.image_id = f.image_id
) AS work
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

-- Open is what nobody replayed with success, found to be done, or discarded.
CREATE VIEW operations.dead_letter_counts AS
SELECT code, stage, origin_hub, day, is_open, count(*) AS dead_letters,
       count(DISTINCT image_id) + count(*) FILTER (WHERE image_id IS NULL) AS images,
       min(dead_at) AS first_at, max(dead_at) AS last_at
FROM (
  SELECT d.code, d.stage, d.origin_hub, (d.dead_at AT TIME ZONE 'UTC')::date AS day, d.dead_at, d.image_id,
         coalesce(l.outcome, 'fails-again') = 'fails-again' AS is_open
  FROM imaging.dead_letters AS d
  LEFT JOIN (
    SELECT DISTINCT ON (partition, sequence_number) partition, sequence_number, outcome
    FROM imaging.replays ORDER BY partition, sequence_number, replay_id DESC
  ) AS l ON l.partition = d.partition AND l.sequence_number = d.sequence_number
) AS d
GROUP BY code, stage, origin_hub, day, is_open;

-- What waits and no dead letter speaks of: images that are not processed, since their last event (a dead letter that was replayed
-- speaks no more), and erasures, since they were due or began.
CREATE VIEW operations.unfinished_images AS
SELECT i.image_id, i.status AS state, i.source, i.failure_code, i.uploaded_at,
       coalesce((SELECT max(e.at) FROM imaging.image_events AS e WHERE e.image_id = i.image_id), i.uploaded_at) AS since
FROM imaging.images AS i
WHERE i.status IN ('stored', 'failed')
  AND NOT EXISTS (SELECT FROM operations.dead_letters AS d
                  WHERE d.image_id = i.image_id AND coalesce(d.last_outcome, '') <> 'applied')
UNION ALL
SELECT e.image_id, 'erasure', NULL, NULL, e.uploaded_at, CASE e.kind WHEN 'retention' THEN e.delete_at ELSE e.begun_at END
FROM imaging.erasures AS e
UNION ALL
SELECT i.image_id, 'erasure', i.source, NULL, i.uploaded_at, i.delete_at
FROM imaging.images AS i
WHERE NOT EXISTS (SELECT FROM imaging.erasures AS e WHERE e.image_id = i.image_id);

-- What senders have not been told yet.
CREATE VIEW operations.waiting_outcomes AS
SELECT count(*) AS outcomes, min(at) AS oldest FROM imaging.outcomes;

CREATE VIEW operations.replays AS
SELECT replay_id, partition, sequence_number, actor, reason, outcome, at FROM imaging.replays;

CREATE VIEW operations.purges AS
SELECT l.entry AS sequence, leaf.leaf_index, l.kind, l.commitment, l.image_digest, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.due_at, l.erased_at
FROM imaging.ledger AS l LEFT JOIN imaging.ledger_leaves AS leaf ON leaf.entry = l.entry
WHERE l.kind <> 'received';

CREATE VIEW operations.ledger AS
SELECT l.entry, leaf.leaf_index, l.kind, l.commitment, l.due_at, l.image_digest, l.salt, l.blobs, l.bytes, l.lake_rows,
       l.uploaded_at, l.erased_at, l.signature
FROM imaging.ledger AS l LEFT JOIN imaging.ledger_leaves AS leaf ON leaf.entry = l.entry;

-- Images that are here, as the ledger knows them: each must be in it as received, and none as erased. (What imaging.commitment
-- and imaging.digest do is written out: a function in a view is executed by the caller, who may not.)
CREATE VIEW operations.commitments AS
SELECT image_id,
       encode(sha256(convert_to('darkroom-commitment:' || salt || ':' || image_id::text, 'UTF8')), 'hex') AS commitment,
       encode(sha256(convert_to('darkroom-image:' || image_id::text, 'UTF8')), 'hex') AS image_digest
FROM imaging.images;

CREATE VIEW operations.erased AS
SELECT image_digest, erased_at FROM imaging.ledger WHERE kind <> 'received';

CREATE FUNCTION operations.record_dead_letter(
  p_partition text, p_sequence_number bigint, p_origin_hub text, p_origin_partition text, p_origin_offset text,
  p_stage text, p_code text, p_message text, p_attempts integer, p_payload_bytes bigint, p_dead_at timestamptz,
  p_expires_at timestamptz, p_image_id uuid DEFAULT NULL, p_claim_check text DEFAULT NULL
) RETURNS TABLE (outcome text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
) RETURNS TABLE (replay_id bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  dead_letter record;
  id          bigint;
BEGIN
  SELECT d.image_id INTO dead_letter FROM imaging.dead_letters AS d
  WHERE d.partition = p_partition AND d.sequence_number = p_sequence_number;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such dead letter.' USING ERRCODE = 'DK404';
  END IF;
  INSERT INTO imaging.replays AS r (partition, sequence_number, reason, outcome, at)
  VALUES (p_partition, p_sequence_number, p_reason, p_outcome, p_at)
  RETURNING r.replay_id INTO id;
  INSERT INTO imaging.image_events (image_id, at, event, detail)
  SELECT i.image_id, p_at, 'replayed', p_reason FROM imaging.images AS i
  WHERE i.image_id = dead_letter.image_id AND p_outcome = 'applied';
  RETURN QUERY SELECT id;
END $$;

CREATE VIEW operations.reader_changes AS
SELECT change_id, hub, topic, action, actor, reason, detail, at FROM imaging.reader_changes;

-- The latest of each topic.
CREATE VIEW operations.reader_states AS
SELECT hub, topic, action, actor, reason, detail, at FROM imaging.reader_changes
WHERE change_id IN (SELECT max(change_id) FROM imaging.reader_changes GROUP BY hub, topic);

CREATE FUNCTION operations.record_reader_change(
  p_hub text, p_topic text, p_action text, p_reason text, p_at timestamptz, p_detail jsonb DEFAULT NULL
) RETURNS TABLE (change_id bigint) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO imaging.reader_changes AS c (hub, topic, action, reason, detail, at)
  VALUES (p_hub, p_topic, p_action, p_reason, p_detail, p_at)
  RETURNING c.change_id;
$$;

CREATE VIEW operations.history AS
SELECT sequence, at, actor, entity, entity_id, action, before, after, reason FROM orders.history;

CREATE VIEW operations.exports AS
SELECT table_name, watermark, rows, files, bytes, exported_at FROM orders.exports;

CREATE VIEW operations.migrations AS
SELECT name, checksum, applied_at, applied_by FROM deployment.migrations;

-- Groups, identities and logins, by the role that they are members of.
CREATE VIEW operations.role_members AS
SELECT r.rolname::text AS role_name, m.rolname::text AS member_name
FROM pg_auth_members AS a JOIN pg_roles AS r ON r.oid = a.roleid JOIN pg_roles AS m ON m.oid = a.member
WHERE r.rolname !~ '^pg_';

-- Who may do what, as the engine answers it: has_…_privilege takes memberships, schemas and grants together. A right to one
-- column of a thing is a right to the thing.
CREATE VIEW operations.rights AS
WITH roles AS (
  SELECT oid, rolname FROM pg_catalog.pg_roles
  WHERE NOT rolcanlogin AND NOT rolsuper AND rolname NOT LIKE 'pg\_%'
), schemas AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', 'public')
), relations AS (
  SELECT c.oid, s.oid AS schema_oid, s.nspname, c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind
  FROM pg_catalog.pg_class AS c JOIN schemas AS s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm')
), routines AS (
  SELECT p.oid, s.oid AS schema_oid, s.nspname, p.proname
  FROM pg_catalog.pg_proc AS p JOIN schemas AS s ON s.oid = p.pronamespace
  WHERE p.prokind IN ('f', 'p') AND p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
)
SELECT r.rolname::text AS role_name, o.nspname::text AS schema_name, o.relname::text AS object_name, o.kind,
       v.verb,
       has_schema_privilege(r.oid, o.schema_oid, 'USAGE')
         AND CASE v.verb WHEN 'delete' THEN has_table_privilege(r.oid, o.oid, v.verb)
                         ELSE has_any_column_privilege(r.oid, o.oid, v.verb) END AS allowed
FROM roles AS r CROSS JOIN relations AS o
CROSS JOIN (VALUES ('select'), ('insert'), ('update'), ('delete')) AS v (verb)
UNION ALL
SELECT r.rolname, o.nspname, o.proname, 'procedure', 'execute',
       bool_or(has_schema_privilege(r.oid, o.schema_oid, 'USAGE') AND has_function_privilege(r.oid, o.oid, 'EXECUTE'))
FROM roles AS r CROSS JOIN routines AS o
GROUP BY r.rolname, o.nspname, o.proname;
