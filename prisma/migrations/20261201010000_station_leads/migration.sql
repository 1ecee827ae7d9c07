-- What is written most is found by its station first: nearly every step down the index is decided by it, and a station is read without stepping over a
-- text of another length before it. Uniqueness, and what is asked for, are as before.
ALTER TABLE sample DROP CONSTRAINT sample_pkey, ADD CONSTRAINT sample_pkey PRIMARY KEY (station, tenant, at, evse, transaction, digest);
ALTER TABLE status_report DROP CONSTRAINT status_report_pkey, ADD CONSTRAINT status_report_pkey PRIMARY KEY (station, tenant, received_at, epoch, frame);
ALTER TABLE message_log DROP CONSTRAINT message_log_pkey, ADD CONSTRAINT message_log_pkey PRIMARY KEY (station, tenant, ended_at, epoch, direction, frame);
