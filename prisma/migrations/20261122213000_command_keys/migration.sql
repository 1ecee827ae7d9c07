-- Few commands have an idempotency key, and those without one need no place in its index.
DROP INDEX command_tenant_idempotency_key_key;
CREATE UNIQUE INDEX command_idempotency_key ON command (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;
