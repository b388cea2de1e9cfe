-- What POSTs with an idempotency key were answered, so that a repeat gets the same answer.
CREATE TABLE kept_answer (
  -- The API key that asked: names of different clients never meet.
  key_id      bigint NOT NULL,
  -- The client's idempotency key.
  name        text NOT NULL,
  -- SHA-256 over method, path, tenant and body.
  fingerprint bytea NOT NULL,
  status      smallint NOT NULL,
  -- Sealed: an answer may show a secret.
  body        bytea NOT NULL,
  expires_at  timestamptz NOT NULL,
  PRIMARY KEY (key_id, name)
);
CREATE INDEX kept_answer_expiry ON kept_answer (expires_at);

-- Who changed what. Written in the transaction of the change.
CREATE TABLE audit (
  id         bigint PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT now(),
  account_id bigint NOT NULL,
  -- The key that did it, with its name of then.
  key_id     bigint NOT NULL,
  key_name   text NOT NULL,
  tenant_id  bigint,
  action     text NOT NULL,
  -- The public id of what was changed.
  subject    text NOT NULL,
  -- What was asked for, without secrets.
  detail     jsonb NOT NULL,
  -- X-Request-Id, as the client gave it.
  request_id text,
  address    text
);
CREATE INDEX audit_by_account ON audit (account_id, id);
CREATE INDEX audit_by_tenant ON audit (tenant_id, id);
CREATE INDEX audit_by_subject ON audit (subject, id);

-- Work that goes on for longer than a request: bringing back what an endpoint missed.
CREATE TABLE job (
  id          bigint PRIMARY KEY,
  tenant_id   bigint NOT NULL REFERENCES tenant,
  endpoint_id bigint NOT NULL REFERENCES endpoint,
  -- 1 recover.
  kind        smallint NOT NULL,
  -- Which deliveries: 1 failed, 2 missed, 3 all.
  picks       smallint NOT NULL,
  -- The range of events, both ends included.
  first_event bigint NOT NULL,
  last_event  bigint NOT NULL,
  -- 1 running, 2 paused, 3 done, 4 canceled, 5 its endpoint was deleted.
  state       smallint NOT NULL DEFAULT 1,
  -- Events up to this one were looked at.
  cursor      bigint NOT NULL,
  -- Deliveries that will be made; none until they were counted, or if that takes too long.
  total       bigint,
  -- Deliveries put into `deferred`, and what became of those that are over.
  queued      bigint NOT NULL DEFAULT 0,
  delivered   bigint NOT NULL DEFAULT 0,
  failed      bigint NOT NULL DEFAULT 0,
  key_id      bigint NOT NULL,
  key_name    text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  ended_at    timestamptz,
  -- When a node shall look at it next. Who works on it holds the lock of the row.
  next_at     timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX job_of_endpoint ON job (endpoint_id) WHERE state IN (1, 2);
CREATE INDEX job_due ON job (next_at) WHERE state IN (1, 2);
CREATE INDEX job_by_tenant ON job (tenant_id, id);

-- Deliveries that a job has put into `deferred` and that were not over at its last look. Keeps the
-- hot table free of jobs.
CREATE TABLE job_delivery (
  job_id   bigint NOT NULL REFERENCES job ON DELETE CASCADE,
  event_id bigint NOT NULL,
  -- Whether the event had it not among its targets.
  missed   boolean NOT NULL,
  PRIMARY KEY (job_id, event_id)
);

-- Targets that an event got after it was accepted: an event row never changes.
CREATE TABLE added_target (
  event_id    bigint NOT NULL,
  endpoint_id bigint NOT NULL,
  PRIMARY KEY (event_id, endpoint_id)
);
