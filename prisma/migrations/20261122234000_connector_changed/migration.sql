-- Whether the newest report of a connector said something else than the one before: two may come in one millisecond, so `since` cannot tell.
ALTER TABLE connector ADD COLUMN changed boolean NOT NULL DEFAULT true;
