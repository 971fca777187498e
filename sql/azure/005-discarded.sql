-- A dead letter may be discarded: nobody replays it, and who decided that, and why, is kept as for a replay.
ALTER TABLE imaging.replays DROP CONSTRAINT ck_replays_outcome;
ALTER TABLE imaging.replays ADD CONSTRAINT ck_replays_outcome
  CHECK (outcome IN (N'applied', N'duplicate', N'fails-again', N'refused-erased', N'discarded'));
