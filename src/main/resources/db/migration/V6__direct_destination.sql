-- A destination that travels with the event itself. Among `targets` it stands as a negative id, made from tenant and
-- URL; dev.posthaste.event.DirectTarget.
ALTER TABLE event ADD COLUMN direct_url text;

-- What signs the deliveries to such destinations, where the tenant's contract signs: they have no endpoint whose secret
-- could. The current secret has no end; earlier ones sign until theirs. Whoever writes here also writes the row of the
-- tenant, with which secrets travel to every node.
CREATE TABLE tenant_secret (
  id          bigint PRIMARY KEY,
  tenant_id   bigint NOT NULL REFERENCES tenant,
  -- For the tenant.
  sealed      bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  valid_until timestamptz
);
CREATE INDEX ON tenant_secret (tenant_id);
