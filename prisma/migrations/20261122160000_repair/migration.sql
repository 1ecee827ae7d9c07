-- Ends that no station reported, and the times that a wrong clock makes worthless ------------------------------------------------------

ALTER TABLE transaction
  ADD COLUMN end_cause text,
  ADD COLUMN end_note text,
  ADD COLUMN end_by text,
  ADD COLUMN start_corrected_at timestamptz(3),
  ADD COLUMN end_corrected_at timestamptz(3);

CREATE TABLE transaction_doubt (
  tenant  text NOT NULL,
  station text NOT NULL,
  evse    integer NOT NULL,
  cause   text NOT NULL,
  at      timestamptz(3) NOT NULL,
  due_at  timestamptz(3) NOT NULL,
  CONSTRAINT transaction_doubt_pkey PRIMARY KEY (tenant, station, evse, cause)
) WITH (fillfactor = 80);
CREATE INDEX transaction_doubt_due_at_idx ON transaction_doubt (due_at);

-- Quarantine that can be worked off ------------------------------------------------------------------------------------------------

ALTER TABLE quarantine
  ADD COLUMN resolution text,
  ADD COLUMN resolved_by text,
  ADD COLUMN note text,
  ADD COLUMN transaction integer,
  ADD COLUMN audit json NOT NULL DEFAULT '[]';
CREATE INDEX quarantine_tenant_id_idx ON quarantine (tenant, id);
CREATE INDEX quarantine_tenant_station_id_idx ON quarantine (tenant, station, id);

-- Clocks ---------------------------------------------------------------------------------------------------------------------------

CREATE TABLE station_clock (
  tenant       text NOT NULL,
  station      text NOT NULL,
  since        timestamptz(3) NOT NULL,
  until        timestamptz(3) NOT NULL,
  drift_ms     bigint NOT NULL,
  measurements integer NOT NULL,
  CONSTRAINT station_clock_pkey PRIMARY KEY (tenant, station, since)
) WITH (fillfactor = 80);
