-- A row of the message log is a stretch of exchanges of one connection instead of one exchange. What is logged so far is given up: it is kept
-- for a limited time anyway, and no fact is in it alone.
DROP TABLE message_log;

CREATE TABLE message_log (
  tenant    text NOT NULL,
  station   text NOT NULL,
  ended_at  timestamptz(3) NOT NULL,
  epoch     bigint NOT NULL,
  direction smallint NOT NULL,
  frame     bigint NOT NULL,
  protocol  text NOT NULL,
  began_at  timestamptz(3) NOT NULL,
  count     integer NOT NULL,
  exchanges bytea NOT NULL,
  CONSTRAINT message_log_pkey PRIMARY KEY (tenant, station, ended_at, epoch, direction, frame)
) PARTITION BY RANGE (ended_at);
-- Frames come in faster than Postgres could compress them.
ALTER TABLE message_log ALTER COLUMN exchanges SET STORAGE EXTERNAL;

-- As before, but a stretch of up to a page stays in the row: a place beside the table is for the rare large frame.
CREATE OR REPLACE FUNCTION ensure_daily_partitions(parent text, days_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  day date;
  child text;
  made integer := 0;
  options text := CASE parent WHEN 'message_log' THEN ' WITH (toast_tuple_target = 8160)' ELSE '' END;
BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I DEFAULT', parent || '_other', parent) || options;
  FOR day IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + days_ahead, '1 day')::date LOOP
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(quote_ident(child)) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00') || options;
      made := made + 1;
    EXCEPTION
      WHEN check_violation OR duplicate_table THEN NULL;
    END;
  END LOOP;
  RETURN made;
END $$;

SELECT ensure_daily_partitions('message_log', 7);
