-- Certificates of authorities: those whose stations are believed at the door (purpose `Station`), and the roots that stations are given.
CREATE TABLE certificate_authority (
  id               uuid NOT NULL,
  tenant           text NOT NULL,
  purpose          text NOT NULL,
  subject          text NOT NULL,
  pem              text NOT NULL,
  fingerprint      text NOT NULL,
  -- How stations name it; null if it is no root and its issuer is not known.
  hash             text,
  serial_number    text NOT NULL,
  not_before       timestamptz(3) NOT NULL,
  not_after        timestamptz(3) NOT NULL,
  -- Of the local authority alone.
  sealed_key       bytea,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT certificate_authority_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX certificate_authority_tenant_purpose_fingerprint_key ON certificate_authority (tenant, purpose, fingerprint);
-- A tenant has one key to sign with.
CREATE UNIQUE INDEX certificate_authority_signing_key ON certificate_authority (tenant) WHERE sealed_key IS NOT NULL;
CREATE INDEX certificate_authority_tenant_hash_idx ON certificate_authority (tenant, hash);

-- What stations ask to have signed, and how far it has come. The certificate is here as well: one request, one certificate.
CREATE TABLE certificate_request (
  id               uuid NOT NULL,
  tenant           text NOT NULL,
  station          text NOT NULL,
  use              text NOT NULL,
  request          text NOT NULL,
  digest           text NOT NULL,
  common_name      text,
  organization     text,
  key              text,
  -- refused, pending (not yet signed), signed (on its way), accepted, rejected (by the station), denied (by an operator), expired, superseded
  state            text NOT NULL,
  reason           text,
  -- Signed without anybody's leave, or with it.
  approved         boolean NOT NULL,
  decided_by       text,
  epoch            bigint NOT NULL,
  frame            bigint NOT NULL,
  requested_at     timestamptz(3) NOT NULL,
  expires_at       timestamptz(3) NOT NULL,
  chain            text,
  fingerprint      text,
  serial_number    text,
  not_before       timestamptz(3),
  not_after        timestamptz(3),
  signed_at        timestamptz(3),
  attempts         integer NOT NULL DEFAULT 0,
  next_attempt_at  timestamptz(3) NOT NULL,
  -- It is tried again when the station is back, and no sooner.
  awaits_station   boolean NOT NULL DEFAULT false,
  last_command     uuid,
  finished_at      timestamptz(3),
  revoked_at       timestamptz(3),
  CONSTRAINT certificate_request_pkey PRIMARY KEY (id)
);
-- One open request of a station and use; it is also what the signing queue looks at.
CREATE UNIQUE INDEX certificate_request_open_key ON certificate_request (tenant, station, use) WHERE state IN ('pending', 'signed');
CREATE INDEX certificate_request_due_idx ON certificate_request (next_attempt_at) WHERE state IN ('pending', 'signed');
CREATE INDEX certificate_request_tenant_requested_at_id_idx ON certificate_request (tenant, requested_at, id);
CREATE INDEX certificate_request_tenant_station_requested_at_id_idx ON certificate_request (tenant, station, requested_at, id);
CREATE INDEX certificate_request_tenant_fingerprint_idx ON certificate_request (tenant, fingerprint);

-- What is believed to be installed where, by the station's last word on it.
CREATE TABLE installed_certificate (
  tenant           text NOT NULL,
  station          text NOT NULL,
  use              text NOT NULL,
  hash             text NOT NULL,
  -- As the station spells them, or as we reckon them where it has not spoken yet.
  hash_algorithm   text NOT NULL,
  issuer_name_hash text NOT NULL,
  issuer_key_hash  text NOT NULL,
  serial_number    text NOT NULL,
  -- Absent if the station has told its hashes alone.
  pem              text,
  learnt_at        timestamptz(3) NOT NULL,
  command          uuid,
  CONSTRAINT installed_certificate_pkey PRIMARY KEY (tenant, station, use, hash)
);

-- What stations report of their security. The key tells a repetition.
CREATE TABLE security_event (
  id               bigserial NOT NULL,
  tenant           text NOT NULL,
  station          text NOT NULL,
  type             text NOT NULL,
  critical         boolean NOT NULL,
  -- By the station's clock.
  at               timestamptz(3) NOT NULL,
  info             text,
  info_digest      bytea NOT NULL,
  flags            text[] NOT NULL DEFAULT '{}',
  epoch            bigint NOT NULL,
  frame            bigint NOT NULL,
  received_at      timestamptz(3) NOT NULL,
  CONSTRAINT security_event_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX security_event_tenant_station_type_at_info_digest_key ON security_event (tenant, station, type, at, info_digest);
CREATE INDEX security_event_tenant_id_idx ON security_event (tenant, id);
CREATE INDEX security_event_tenant_station_id_idx ON security_event (tenant, station, id);
CREATE INDEX security_event_tenant_type_id_idx ON security_event (tenant, type, id);
CREATE INDEX security_event_critical_idx ON security_event (tenant, id) WHERE critical;
CREATE INDEX security_event_received_at_idx ON security_event (received_at);
