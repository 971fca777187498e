-- Since when an erasure is under way, so that one that does not end is seen.
ALTER TABLE imaging.erasures ADD begun_at timestamptz(3) NOT NULL DEFAULT now();
