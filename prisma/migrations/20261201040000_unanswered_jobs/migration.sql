-- Jobs whose order has no answer yet are looked at every few seconds, and are few.
CREATE INDEX maintenance_job_unanswered_idx ON maintenance_job (id) WHERE state = 'ordered' AND answer IS NULL;
