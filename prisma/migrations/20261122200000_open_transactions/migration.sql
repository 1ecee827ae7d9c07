-- What is open is looked for by station or by token. Led by the tenant, the one index is as good as the other to a planner that does not know
-- yet how many rows there are, and it took that of the stations for tokens: every open transaction of the tenant was looked at.
DROP INDEX transaction_open_idx;
CREATE INDEX transaction_open_idx ON transaction (station, tenant, evse) WHERE ended_at IS NULL;
DROP INDEX transaction_open_token_idx;
CREATE INDEX transaction_open_token_idx ON transaction (token_key, tenant) WHERE ended_at IS NULL AND token_key IS NOT NULL;
