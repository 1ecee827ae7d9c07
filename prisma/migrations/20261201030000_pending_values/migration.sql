-- Whether anything of a station waits for a restart is asked at each of its boots, and nearly always answered with no.
CREATE INDEX configuration_key_pending_idx ON configuration_key (tenant, station) WHERE pending_value IS NOT NULL;
