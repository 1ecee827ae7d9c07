-- The list by which a station authorizes without asking, as far as its answers tell.

CREATE TABLE local_list (
  tenant       text NOT NULL,
  station      text NOT NULL,
  version      integer,
  entries      json,
  last_verdict text,
  command      uuid,
  read_at      timestamptz(3),
  updated_at   timestamptz(3),
  sync_until   timestamptz(3),
  CONSTRAINT local_list_pkey PRIMARY KEY (tenant, station)
) WITH (fillfactor = 80);
