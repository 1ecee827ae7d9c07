-- A row of the outbox holds the events of a commit, a line of JSON each. An event's id is the row's and its place there, so the rows' ids go in steps; one that waits keeps its own.

ALTER TABLE outbox ADD COLUMN count integer NOT NULL DEFAULT 1, ADD COLUMN events text;
UPDATE outbox SET events = '{"tenant":' || to_json(tenant) || ',"station":' || to_json(station) || ',"type":"' || type || '","body":' || translate(body::text, E'\n\r', '  ') || '}';
ALTER TABLE outbox ALTER COLUMN count DROP DEFAULT, ALTER COLUMN events SET NOT NULL, DROP COLUMN tenant, DROP COLUMN station, DROP COLUMN type, DROP COLUMN body;
ALTER SEQUENCE outbox_id_seq INCREMENT BY 100;

-- A row lives for a moment: to compress it, or to store it elsewhere in pieces, costs more than it saves.
ALTER TABLE outbox ALTER COLUMN events SET STORAGE EXTERNAL;
ALTER TABLE outbox SET (toast_tuple_target = 8160);

-- What the stream will not take is kept here, so that it does not hold up what comes after it.
CREATE TABLE refused_event (
  id         bigint NOT NULL,
  at         timestamptz(3) NOT NULL,
  event      text NOT NULL,
  reason     text NOT NULL,
  refused_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT refused_event_pkey PRIMARY KEY (id)
);
