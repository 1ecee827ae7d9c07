-- The station's own word for what happened; `type` is that of OCPP 2.
ALTER TABLE security_event ADD COLUMN reported text NOT NULL DEFAULT '';
ALTER TABLE security_event ALTER COLUMN reported DROP DEFAULT;

-- A request waits for its station to come back after this time, rather than for a flag to be cleared.
ALTER TABLE certificate_request DROP COLUMN awaits_station;
ALTER TABLE certificate_request ADD COLUMN offline_since timestamptz(3);
-- A station that repeats what may not be signed adds no row each time.
CREATE UNIQUE INDEX certificate_request_refused_key ON certificate_request (tenant, station, use, digest) WHERE state = 'refused';
