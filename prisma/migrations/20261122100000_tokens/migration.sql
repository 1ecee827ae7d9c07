-- Tokens: where each may be used, how often at once, and what holds for a group of them ---------------------------------------------

ALTER TABLE token
  ADD COLUMN group_key        text,
  ADD COLUMN stations         text[] NOT NULL DEFAULT '{}',
  ADD COLUMN station_prefixes text[] NOT NULL DEFAULT '{}',
  ADD COLUMN max_transactions integer DEFAULT 1,
  ADD COLUMN note             text;
UPDATE token SET group_key = lower("group") WHERE "group" IS NOT NULL;
-- The tokens of a group: for the list, and for what a group with a limit has open.
CREATE INDEX token_tenant_group_key_key_idx ON token (tenant, group_key, key);

CREATE TABLE token_group (
  tenant           text NOT NULL,
  key              text NOT NULL,
  name             text NOT NULL,
  status           text NOT NULL DEFAULT 'Accepted',
  max_transactions integer,
  note             text,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  updated_at       timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT token_group_pkey PRIMARY KEY (tenant, key)
);
