-- How stations are taken in --------------------------------------------------------------------------------------------------------

ALTER TABLE station
  ADD COLUMN approval              text NOT NULL DEFAULT 'approved',
  ADD COLUMN boot_policy           text,
  ADD COLUMN released_at           timestamptz(3),
  ADD COLUMN assumed_protocol      text,
  ADD COLUMN on_boot_configuration boolean,
  ADD COLUMN on_boot_local_list    boolean,
  ADD COLUMN template              text;
-- The newcomers of a tenant, those that wait and those that were refused: few among many.
CREATE INDEX station_newcomer_idx ON station (tenant, approval, created_at) WHERE approval <> 'approved';

CREATE TABLE tenant_settings (
  tenant                text NOT NULL,
  newcomers             text,
  boot_policy           text,
  on_boot_configuration boolean,
  on_boot_local_list    boolean,
  updated_at            timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT tenant_settings_pkey PRIMARY KEY (tenant)
);

CREATE TABLE quirk_profile (
  tenant     text NOT NULL,
  name       text NOT NULL,
  vendor     text,
  model      text,
  firmware   text,
  priority   integer NOT NULL DEFAULT 0,
  quirks     json NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT quirk_profile_pkey PRIMARY KEY (tenant, name)
);

-- What stations are configured with ----------------------------------------------------------------------------------------------

CREATE TABLE configuration_key (
  tenant        text NOT NULL,
  station       text NOT NULL,
  key           text NOT NULL,
  component     text,
  variable      text NOT NULL,
  attribute     text,
  known         boolean NOT NULL DEFAULT true,
  value         text,
  pending_value text,
  readonly      boolean,
  read_at       timestamptz(3) NOT NULL,
  source        text NOT NULL,
  CONSTRAINT configuration_key_pkey PRIMARY KEY (tenant, station, key)
) WITH (fillfactor = 80);

-- When all that a station has was read last.
CREATE TABLE configuration_snapshot (
  tenant           text NOT NULL,
  station          text NOT NULL,
  read_at          timestamptz(3) NOT NULL,
  firmware_version text,
  CONSTRAINT configuration_snapshot_pkey PRIMARY KEY (tenant, station)
);

CREATE TABLE configuration_template (
  tenant     text NOT NULL,
  name       text NOT NULL,
  vendor     text,
  model      text,
  firmware   text,
  priority   integer NOT NULL DEFAULT 0,
  keys       json NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT configuration_template_pkey PRIMARY KEY (tenant, name)
);

-- A pattern is text in which * stands for any characters, compared without regard to case; without a pattern anything fits. The same
-- rule as in packages/domain/src/pattern.ts.
CREATE FUNCTION fits_pattern(value text, pattern text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT pattern IS NULL OR lower(coalesce(value, '')) LIKE replace(replace(replace(replace(lower(pattern), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%')
$$;
