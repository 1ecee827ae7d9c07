-- Since when a connector has had its present status, by our clock. It also tells a change from a repetition.
ALTER TABLE connector ADD COLUMN since timestamptz(3) NOT NULL DEFAULT now();
UPDATE connector SET since = received_at;

-- As text: Postgres would parse every sample once more to see that it is JSON, which is what we write.
ALTER TABLE sample ALTER COLUMN samples TYPE text USING samples::text;
