-- A boot beside an open transaction is settled once. ----------------------------------------------------------------------------------

ALTER TABLE transaction_doubt ADD COLUMN settled_at timestamptz(3);
DROP INDEX transaction_doubt_due_at_idx;
CREATE INDEX transaction_doubt_due_at_idx ON transaction_doubt (due_at) WHERE settled_at IS NULL;

-- What changes with every connection is in no index, so that the new version of a station's row stays on its page. ------------------------

CREATE TABLE gateway_pod (
  name    text NOT NULL,
  seen_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT gateway_pod_pkey PRIMARY KEY (name)
);
INSERT INTO gateway_pod (name) SELECT DISTINCT pod FROM station WHERE pod IS NOT NULL;
DROP INDEX station_pod_idx;
ALTER TABLE station SET (fillfactor = 50);
