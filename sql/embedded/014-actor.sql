-- Only the API (who signs in as darkroom) and the owner are believed about whom they act for; anybody else is the one
-- who signed in, whatever their session says.
CREATE OR REPLACE FUNCTION imaging.actor() RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
RETURN CASE
  WHEN pg_has_role(session_user, 'darkroom', 'MEMBER')
    THEN coalesce(nullif(current_setting('darkroom.actor', true), ''), session_user::text)
  ELSE session_user::text
END;
