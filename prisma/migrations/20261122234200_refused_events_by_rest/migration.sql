-- Whose a refused event is, and what became of it. A line that is no event is nobody's.
ALTER TABLE refused_event
  ADD COLUMN tenant text,
  ADD COLUMN station text,
  ADD COLUMN type text,
  ADD COLUMN resolved_at timestamptz(3),
  ADD COLUMN resolution text,
  ADD COLUMN resolved_by text,
  ADD COLUMN note text;
UPDATE refused_event SET tenant = event::json ->> 'tenant', station = event::json ->> 'station', type = event::json ->> 'type' WHERE reason <> 'this is no event';
CREATE INDEX refused_event_tenant_id_idx ON refused_event (tenant, id);
