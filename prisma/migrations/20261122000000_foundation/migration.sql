-- Stations and their connectors ------------------------------------------------------------------------------------------------

CREATE TABLE station (
  tenant              text NOT NULL,
  id                  text NOT NULL,
  password_hash       text,
  registration        text NOT NULL DEFAULT 'Accepted',
  protocol            text,
  vendor              text,
  model               text,
  serial_number       text,
  firmware_version    text,
  iccid               text,
  imsi                text,
  meter_type          text,
  meter_serial_number text,
  boot_reason         text,
  booted_at           timestamptz(3),
  boot_epoch          bigint NOT NULL DEFAULT 0,
  boot_frame          bigint NOT NULL DEFAULT 0,
  online              boolean NOT NULL DEFAULT false,
  epoch               bigint NOT NULL DEFAULT 0,
  pod                 text,
  remote_address      text,
  connected_at        timestamptz(3),
  disconnected_at     timestamptz(3),
  last_seen_at        timestamptz(3),
  created_at          timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT station_pkey PRIMARY KEY (tenant, id)
) WITH (fillfactor = 80);
-- The sweeper asks which pods have stations online.
CREATE INDEX station_pod_idx ON station (pod);

CREATE TABLE connector (
  tenant            text NOT NULL,
  station           text NOT NULL,
  evse              integer NOT NULL,
  connector         integer NOT NULL,
  status            text NOT NULL,
  reported          text NOT NULL,
  error_code        text,
  vendor_id         text,
  vendor_error_code text,
  info              text,
  at                timestamptz(3),
  received_at       timestamptz(3) NOT NULL,
  epoch             bigint NOT NULL,
  frame             bigint NOT NULL,
  CONSTRAINT connector_pkey PRIMARY KEY (tenant, station, evse, connector)
) WITH (fillfactor = 70);

CREATE TABLE status_report (
  tenant            text NOT NULL,
  station           text NOT NULL,
  received_at       timestamptz(3) NOT NULL,
  epoch             bigint NOT NULL,
  frame             bigint NOT NULL,
  evse              integer NOT NULL,
  connector         integer NOT NULL,
  status            text NOT NULL,
  reported          text NOT NULL,
  error_code        text,
  vendor_id         text,
  vendor_error_code text,
  info              text,
  at                timestamptz(3),
  CONSTRAINT status_report_pkey PRIMARY KEY (tenant, station, received_at, epoch, frame)
) PARTITION BY RANGE (received_at);

-- Transactions -----------------------------------------------------------------------------------------------------------------

CREATE TABLE transaction (
  number            serial NOT NULL,
  tenant            text NOT NULL,
  station           text NOT NULL,
  key               text NOT NULL,
  wire_id           text NOT NULL,
  protocol          text NOT NULL,
  evse              integer,
  connector         integer,
  token             text,
  token_key         text,
  token_kind        text,
  "authorization"   text,
  remote_start_id   integer,
  reservation_id    integer,
  started_at        timestamptz(3),
  start_received_at timestamptz(3),
  start_epoch       bigint,
  start_frame       bigint,
  start_wh          double precision,
  charging_state    text,
  last_sequence     integer,
  last_at           timestamptz(3),
  last_wh           double precision,
  token_sequence    integer,
  state_sequence    integer,
  wh_sequence       integer,
  ended_at          timestamptz(3),
  end_kind          text,
  end_inferred_at   timestamptz(3),
  end_received_at   timestamptz(3),
  end_epoch         bigint,
  end_frame         bigint,
  end_wh            double precision,
  stop_reason       text,
  stop_token        text,
  flags             text[] NOT NULL DEFAULT '{}',
  CONSTRAINT transaction_pkey PRIMARY KEY (number)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX transaction_tenant_station_key_key ON transaction (tenant, station, key);
CREATE INDEX transaction_tenant_station_number_idx ON transaction (tenant, station, number);
CREATE INDEX transaction_tenant_token_key_number_idx ON transaction (tenant, token_key, number);
-- Open ones, by connector: for the start that ends its predecessor, and for a token that charges elsewhere.
CREATE INDEX transaction_open_idx ON transaction (tenant, station, evse) WHERE ended_at IS NULL;
CREATE INDEX transaction_open_token_idx ON transaction (tenant, token_key) WHERE ended_at IS NULL AND token_key IS NOT NULL;

CREATE TABLE transaction_event (
  tenant         text NOT NULL,
  station        text NOT NULL,
  key            text NOT NULL,
  sequence       integer NOT NULL,
  kind           text NOT NULL,
  trigger        text,
  charging_state text,
  at             timestamptz(3) NOT NULL,
  offline        boolean NOT NULL DEFAULT false,
  received_at    timestamptz(3) NOT NULL,
  CONSTRAINT transaction_event_pkey PRIMARY KEY (tenant, station, key, sequence)
);

CREATE TABLE sample (
  tenant      text NOT NULL,
  station     text NOT NULL,
  at          timestamptz(3) NOT NULL,
  evse        integer NOT NULL,
  transaction integer NOT NULL,
  digest      bigint NOT NULL,
  received_at timestamptz(3) NOT NULL,
  register_wh double precision,
  samples     json NOT NULL,
  CONSTRAINT sample_pkey PRIMARY KEY (tenant, station, at, evse, transaction, digest)
) PARTITION BY RANGE (at);

CREATE TABLE token (
  tenant     text NOT NULL,
  key        text NOT NULL,
  value      text NOT NULL,
  status     text NOT NULL,
  expires_at timestamptz(3),
  "group"    text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT token_pkey PRIMARY KEY (tenant, key)
);

-- Commands, quarantine, events -------------------------------------------------------------------------------------------------

CREATE TABLE command (
  id              uuid NOT NULL,
  tenant          text NOT NULL,
  station         text NOT NULL,
  action          text NOT NULL,
  payload         json NOT NULL,
  idempotency_key text,
  requested_by    text,
  state           text NOT NULL,
  result          json,
  created_at      timestamptz(3) NOT NULL,
  deadline        timestamptz(3) NOT NULL,
  finished_at     timestamptz(3),
  CONSTRAINT command_pkey PRIMARY KEY (id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX command_tenant_idempotency_key_key ON command (tenant, idempotency_key);
CREATE INDEX command_tenant_station_created_at_idx ON command (tenant, station, created_at);
-- Commands whose process died on the way are found by their deadline.
CREATE INDEX command_unfinished_idx ON command (deadline) WHERE finished_at IS NULL;

CREATE TABLE quarantine (
  id          bigserial NOT NULL,
  tenant      text NOT NULL,
  station     text NOT NULL,
  protocol    text NOT NULL,
  operation   text NOT NULL,
  reason      text NOT NULL,
  report      json NOT NULL,
  received_at timestamptz(3) NOT NULL,
  epoch       bigint NOT NULL,
  frame       bigint NOT NULL,
  resolved_at timestamptz(3),
  CONSTRAINT quarantine_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX quarantine_tenant_station_epoch_frame_operation_key ON quarantine (tenant, station, epoch, frame, operation);

CREATE TABLE outbox (
  id      bigserial NOT NULL,
  tenant  text NOT NULL,
  station text NOT NULL,
  type    text NOT NULL,
  at      timestamptz(3) NOT NULL DEFAULT now(),
  body    json NOT NULL,
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

-- The message log --------------------------------------------------------------------------------------------------------------

CREATE TABLE message_log (
  tenant      text NOT NULL,
  station     text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  direction   smallint NOT NULL,
  epoch       bigint NOT NULL,
  frame       bigint NOT NULL,
  protocol    text NOT NULL,
  latency_ms  integer NOT NULL,
  message_id  text NOT NULL,
  action      text NOT NULL,
  request     bytea NOT NULL,
  answer      bytea
) PARTITION BY RANGE (received_at);
-- Not unique, and no wider than the question that it answers: it is paid for with every frame.
CREATE INDEX message_log_station_received_at_idx ON message_log (station, received_at);

CREATE TABLE api_key (
  hash       text NOT NULL,
  tenant     text NOT NULL,
  name       text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT api_key_pkey PRIMARY KEY (hash)
);

-- Partitions -------------------------------------------------------------------------------------------------------------------

-- Makes the daily partitions of a table from yesterday to so many days ahead. Rows of other days, which stations with wrong clocks
-- send, go to the default partition: nothing is refused for its time. A day whose rows are in the default partition already stays there.
CREATE FUNCTION ensure_daily_partitions(parent text, days_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  day date;
  child text;
  made integer := 0;
BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I DEFAULT', parent || '_other', parent);
  FOR day IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + days_ahead, '1 day')::date LOOP
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(quote_ident(child)) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
      made := made + 1;
    EXCEPTION
      WHEN check_violation OR duplicate_table THEN NULL;
    END;
  END LOOP;
  RETURN made;
END $$;

-- Drops the daily partitions of a table that are older than so many days.
CREATE FUNCTION drop_daily_partitions(parent text, keep_days integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  child text;
  oldest date := (now() AT TIME ZONE 'UTC')::date - keep_days;
  dropped integer := 0;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(quote_ident(parent)) AND c.relname ~ '_[0-9]{8}$' AND to_date(right(c.relname, 8), 'YYYYMMDD') < oldest
  LOOP
    EXECUTE format('DROP TABLE %I', child);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;

SELECT ensure_daily_partitions('status_report', 7);
SELECT ensure_daily_partitions('sample', 7);
SELECT ensure_daily_partitions('message_log', 7);
