-- Since when an erasure is under way, so that one that does not end is seen.
ALTER TABLE imaging.erasures ADD begun_at datetime2(3) NOT NULL CONSTRAINT df_erasures_begun_at DEFAULT SYSUTCDATETIME();
