-- Accounts, tenants, keys and endpoints: small, read whole into memory by every node.
-- `revision` is the transaction that last wrote a row. A node reads what changed since the oldest
-- transaction that was still open at its last look, so a change that commits late is never skipped.

CREATE TABLE account (
  id         bigint PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tenant (
  id         bigint PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES account,
  uid        text NOT NULL,
  name       text NOT NULL,
  contract   text NOT NULL,
  catalog    text,
  org_id     text,
  env_id     text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  revision   bigint NOT NULL DEFAULT 0,
  UNIQUE (account_id, uid)
);
CREATE INDEX ON tenant (revision);

CREATE TABLE api_key (
  id          bigint PRIMARY KEY,
  account_id  bigint NOT NULL REFERENCES account,
  -- None: an operator key.
  tenant_id   bigint REFERENCES tenant,
  name        text NOT NULL,
  -- SHA-256 of the whole key.
  hash        bytea NOT NULL UNIQUE,
  permissions text[] NOT NULL,
  -- None: every scope.
  scopes      text[],
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz,
  revoked_at  timestamptz,
  revision    bigint NOT NULL DEFAULT 0
);
CREATE INDEX ON api_key (revision);

CREATE TABLE endpoint (
  id                   bigint PRIMARY KEY,
  tenant_id            bigint NOT NULL REFERENCES tenant,
  uid                  text,
  url                  text NOT NULL,
  description          text,
  event_type_filters   text[] NOT NULL,
  vault_ids            text[] NOT NULL DEFAULT '{}',
  matter_ids           text[] NOT NULL DEFAULT '{}',
  key_scopes           text[],
  -- 1 active, 2 disabled by its owner, 3 disabled by its contract.
  status               smallint NOT NULL DEFAULT 1,
  disabled_reason      text,
  contract             text,
  -- JSON object, sealed: values may be credentials.
  headers              bytea,
  rate_limit_count     integer,
  rate_limit_seconds   integer,
  max_concurrency      integer,
  consecutive_failures integer NOT NULL DEFAULT 0,
  last_failure_at      timestamptz,
  metadata             text NOT NULL DEFAULT '{}',
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  deleted_at           timestamptz,
  revision             bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ON endpoint (tenant_id, uid) WHERE deleted_at IS NULL;
CREATE INDEX ON endpoint (tenant_id, id);
CREATE INDEX ON endpoint (revision);

-- The current secret has no end; earlier ones sign until theirs.
CREATE TABLE endpoint_secret (
  id          bigint PRIMARY KEY,
  endpoint_id bigint NOT NULL REFERENCES endpoint,
  sealed      bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  valid_until timestamptz
);
CREATE INDEX ON endpoint_secret (endpoint_id);

CREATE FUNCTION stamp_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;

-- Equal notifications of one transaction arrive as one.
CREATE FUNCTION announce_registry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('posthaste_registry', '');
  RETURN NULL;
END $$;

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON tenant FOR EACH ROW EXECUTE FUNCTION stamp_revision();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION stamp_revision();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON endpoint FOR EACH ROW EXECUTE FUNCTION stamp_revision();
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON tenant EXECUTE FUNCTION announce_registry_change();
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON api_key EXECUTE FUNCTION announce_registry_change();
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON endpoint EXECUTE FUNCTION announce_registry_change();

-- The log: one row in per event, one row out per attempt, never an update. Ids carry their time in
-- the high bits, so that ranges of ids are ranges of time, and retention drops whole partitions.

CREATE TABLE event (
  id             bigint NOT NULL,
  tenant_id      bigint NOT NULL,
  type           text NOT NULL,
  occurred_at_ms bigint NOT NULL,
  resource_id    text,
  -- The publisher's own id.
  key            text,
  -- The JSON value as it was posted: signatures cover exact bytes.
  data           bytea NOT NULL,
  traceparent    text,
  -- The endpoints that matched when the event was accepted.
  targets        bigint[] NOT NULL,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX event_by_tenant ON event (tenant_id, id);

CREATE TABLE attempt (
  event_id    bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  attempt_no  integer NOT NULL,
  -- 1 delivered, 2 retrying, 3 failed, 4 discarded. All but 2 are final.
  outcome     smallint NOT NULL,
  -- 1 live, 2 retry, 3 recovery, 4 replay.
  trigger     smallint NOT NULL,
  http_status smallint,
  -- Why there was no HTTP status; dev.posthaste.event.Reply.Reason.
  reason      smallint,
  latency_us  integer NOT NULL,
  address     text,
  response    text,
  at_ms       bigint NOT NULL,
  PRIMARY KEY (event_id, endpoint_id, attempt_no)
) PARTITION BY RANGE (event_id);

-- Deliveries that wait: for a retry, for room in a lane, for recovery, for replay. The only hot
-- table whose rows change.
CREATE TABLE deferred (
  event_id     bigint NOT NULL,
  endpoint_id  bigint NOT NULL,
  -- Attempts made so far.
  attempts     integer NOT NULL,
  due_at       timestamptz NOT NULL,
  -- What the next attempt is; as attempt.trigger.
  trigger      smallint NOT NULL,
  leased_by    smallint,
  leased_until timestamptz,
  PRIMARY KEY (event_id, endpoint_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX deferred_due ON deferred (endpoint_id, due_at) WHERE leased_by IS NULL;
CREATE INDEX deferred_leased ON deferred (leased_until) WHERE leased_by IS NOT NULL;

-- Which ids of publishers were seen, for as long as repeats are recognised.
CREATE TABLE event_key (
  tenant_id  bigint NOT NULL,
  key        text NOT NULL,
  event_id   bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key)
);
CREATE INDEX event_key_expiry ON event_key (expires_at);

-- Who is alive, and below which of its own event ids everything is settled: each target has a final
-- attempt or a row in `deferred`.
CREATE TABLE node (
  id            smallint PRIMARY KEY,
  epoch         bigint NOT NULL,
  heartbeat_at  timestamptz NOT NULL,
  settled_below bigint NOT NULL,
  -- False after a clean stop, or once a survivor has taken over.
  live          boolean NOT NULL
);
