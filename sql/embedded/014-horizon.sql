-- Every row below it is there to see. Here a statement's rows and its horizon are of one snapshot; on SQL Server the reader
-- asks for it first.
CREATE VIEW warehouse.horizon AS
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS changed;
