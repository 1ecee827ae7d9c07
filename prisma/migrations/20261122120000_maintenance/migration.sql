-- Firmware updates and log uploads, what stations told of them, and the files that they move ------------------------------------

CREATE TABLE maintenance_job (
  tenant       text NOT NULL,
  id           uuid NOT NULL,
  station      text NOT NULL,
  kind         text NOT NULL,
  request_id   integer,
  location     text NOT NULL,
  details      json NOT NULL,
  requested_by text,
  ordered_at   timestamptz(3) NOT NULL,
  answer       text,
  file_name    text,
  state        text NOT NULL,
  status       text,
  status_at    timestamptz(3),
  epoch        bigint,
  frame        bigint,
  ended_at     timestamptz(3),
  CONSTRAINT maintenance_job_pkey PRIMARY KEY (tenant, id)
) WITH (fillfactor = 80);
CREATE INDEX maintenance_job_tenant_kind_ordered_at_idx ON maintenance_job (tenant, kind, ordered_at);
CREATE INDEX maintenance_job_tenant_station_kind_ordered_at_idx ON maintenance_job (tenant, station, kind, ordered_at);

CREATE TABLE maintenance_report (
  tenant      text NOT NULL,
  station     text NOT NULL,
  epoch       bigint NOT NULL,
  frame       bigint NOT NULL,
  kind        text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  status      text NOT NULL,
  request_id  integer,
  job         uuid,
  CONSTRAINT maintenance_report_pkey PRIMARY KEY (tenant, station, epoch, frame)
);
CREATE INDEX maintenance_report_tenant_job_idx ON maintenance_report (tenant, job);
CREATE INDEX maintenance_report_tenant_station_received_at_idx ON maintenance_report (tenant, station, received_at);

CREATE TABLE stored_file (
  tenant       text NOT NULL,
  kind         text NOT NULL,
  owner        text NOT NULL,
  name         text NOT NULL,
  object       text NOT NULL,
  size         bigint NOT NULL,
  sha256       text NOT NULL,
  content_type text,
  received_at  timestamptz(3) NOT NULL,
  CONSTRAINT stored_file_pkey PRIMARY KEY (tenant, kind, owner, name)
);
