-- A boot beside an open transaction is settled once. ----------------------------------------------------------------------------------

ALTER TABLE transaction_doubt ADD COLUMN settled_at timestamptz(3);
DROP INDEX transaction_doubt_due_at_idx;
CREATE INDEX transaction_doubt_due_at_idx ON transaction_doubt (due_at) WHERE settled_at IS NULL;
