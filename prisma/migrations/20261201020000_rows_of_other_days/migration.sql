-- As before, but a day whose rows a station with a fast clock has sent ahead gets its partition all the same, and its rows move there: while they
-- were in the default partition that day had none, and all stations' rows of it went to the default partition too, which is never dropped.
CREATE OR REPLACE FUNCTION ensure_daily_partitions(parent text, days_ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  day date;
  child text;
  others text := parent || '_other';
  bounds text;
  clock text;
  made integer := 0;
  options text := CASE parent WHEN 'message_log' THEN ' WITH (toast_tuple_target = 8160)' ELSE '' END;
BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I DEFAULT', others, parent) || options;
  SELECT a.attname INTO STRICT clock
  FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = to_regclass(quote_ident(parent));
  FOR day IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + days_ahead, '1 day')::date LOOP
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(quote_ident(child)) IS NOT NULL;
    bounds := format('FROM (%L) TO (%L)', day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES %s', child, parent, bounds) || options;
      made := made + 1;
    EXCEPTION
      WHEN duplicate_table THEN NULL;
      WHEN check_violation THEN
        -- Nobody writes another such row meanwhile.
        EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', child, parent) || options;
        EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
          others, clock, day::text || ' 00:00:00+00', clock, (day + 1)::text || ' 00:00:00+00', child);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES %s', parent, child, bounds);
        made := made + 1;
    END;
  END LOOP;
  RETURN made;
END $$;

-- Deletes rows of the default partition that came longer ago than so many days, at most so many of them: their day has no partition that could be
-- dropped. Returns how many.
CREATE FUNCTION forget_rows_of_other_days(parent text, keep_days integer, at_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  others text := parent || '_other';
  forgotten integer;
BEGIN
  EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE %I < $1 LIMIT $2))',
    others, others, CASE parent WHEN 'message_log' THEN 'ended_at' ELSE 'received_at' END)
  USING ((now() AT TIME ZONE 'UTC')::date - keep_days)::timestamp AT TIME ZONE 'UTC', at_most;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;
