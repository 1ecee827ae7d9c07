-- Ends were inferred before their cause was kept, all of them from a newer start at the same place: nothing else led to one then.
UPDATE transaction SET end_cause = 'newer-start' WHERE end_inferred_at IS NOT NULL AND end_cause IS NULL;
