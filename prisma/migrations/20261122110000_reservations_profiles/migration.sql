-- Reservations -----------------------------------------------------------------------------------------------------------------

-- The id is on the wire, where it is unique only within a station: callers of raw commands choose their own.
CREATE TABLE reservation (
  id                 serial NOT NULL,
  tenant             text NOT NULL,
  station            text NOT NULL,
  evse               integer NOT NULL,
  token              text NOT NULL,
  token_key          text NOT NULL,
  token_kind         text,
  "group"            text,
  group_key          text,
  raw                boolean NOT NULL,
  command            uuid NOT NULL,
  state              text NOT NULL,
  status             text,
  cancel_status      text,
  cancelled_by       text,
  requested_at       timestamptz(3) NOT NULL,
  deadline           timestamptz(3) NOT NULL,
  expires_at         timestamptz(3) NOT NULL,
  ended_at           timestamptz(3),
  transaction        integer,
  after_transaction  integer NOT NULL,
  CONSTRAINT reservation_pkey PRIMARY KEY (tenant, station, id)
) WITH (fillfactor = 80);
CREATE INDEX reservation_tenant_id_idx ON reservation (tenant, id);
CREATE UNIQUE INDEX reservation_tenant_command_key ON reservation (tenant, command);
CREATE INDEX reservation_tenant_requested_at_id_idx ON reservation (tenant, requested_at, id);
CREATE INDEX reservation_tenant_station_requested_at_id_idx ON reservation (tenant, station, requested_at, id);
CREATE INDEX reservation_tenant_token_key_requested_at_id_idx ON reservation (tenant, token_key, requested_at, id);
-- What may still change by itself: the few that the round over open reservations looks at.
CREATE INDEX reservation_open_idx ON reservation (expires_at) WHERE state IN ('requested', 'active', 'unknown');
-- A station that was offline tells late that it has used one.
CREATE INDEX reservation_over_idx ON reservation (ended_at) WHERE state IN ('expired', 'cancelled');
-- Starts that name no reservation, which are nearly all, are not in it.
CREATE INDEX transaction_reservation_idx ON transaction (tenant, station, reservation_id) WHERE reservation_id IS NOT NULL;

-- Charging profiles ------------------------------------------------------------------------------------------------------------

CREATE TABLE charging_profile (
  id          serial NOT NULL,
  tenant      text NOT NULL,
  description text,
  purpose     text NOT NULL,
  stack_level integer NOT NULL,
  profile     json NOT NULL,
  created_at  timestamptz(3) NOT NULL DEFAULT now(),
  updated_at  timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT charging_profile_pkey PRIMARY KEY (id)
);
CREATE INDEX charging_profile_tenant_id_idx ON charging_profile (tenant, id);

CREATE TABLE installed_charging_profile (
  tenant            text NOT NULL,
  station           text NOT NULL,
  profile_id        integer NOT NULL,
  evse              integer,
  purpose           text NOT NULL,
  stack_level       integer NOT NULL,
  profile           json NOT NULL,
  transaction       integer,
  token_key         text,
  after_transaction integer NOT NULL,
  command           uuid NOT NULL,
  installed_at      timestamptz(3) NOT NULL,
  CONSTRAINT installed_charging_profile_pkey PRIMARY KEY (tenant, station, profile_id)
);
-- Those that end with a transaction.
CREATE INDEX installed_charging_profile_transaction_idx ON installed_charging_profile (installed_at) WHERE purpose = 'TxProfile';
