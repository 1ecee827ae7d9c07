-- How securely a station must at least connect -----------------------------------------------------------------------------------

ALTER TABLE station ADD COLUMN security_profile smallint;
ALTER TABLE station ADD CONSTRAINT station_security_profile_check CHECK (security_profile BETWEEN 0 AND 3);

-- Passwords that were sent to a station and that it has perhaps taken: right as well until the outcome is known.
CREATE TABLE pending_password (
  tenant        text NOT NULL,
  station       text NOT NULL,
  -- Of the command that carries it.
  id            text NOT NULL,
  password_hash text NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  -- Until then it may still be written to the station.
  open_until    timestamptz(3) NOT NULL,
  CONSTRAINT pending_password_pkey PRIMARY KEY (tenant, station, id)
);
