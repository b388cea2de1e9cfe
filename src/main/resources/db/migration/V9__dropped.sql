-- What waits for an endpoint while it is disabled, under a contract that drops it. A row of `deferred` and the moment at
-- which its endpoint was enabled are compared by the one clock that all nodes have in common.

-- In the order in which whoever changes both takes them.
LOCK TABLE endpoint, deferred IN ACCESS EXCLUSIVE MODE;

-- When the delivery began to wait. Rows that are there already have the time of this migration, and none is written for it;
-- others that of their own, and not of their transaction, which may have begun before the endpoint was enabled.
ALTER TABLE deferred ADD COLUMN put_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE deferred ALTER COLUMN put_at SET DEFAULT clock_timestamp();

-- What began to wait before this is not delivered. None if nothing was ever dropped.
ALTER TABLE endpoint ADD COLUMN dropped_before timestamptz;

-- Endpoints of which such rows may still be there, for whoever discards them. Apart from `endpoint`, whose every change goes
-- to every node.
CREATE TABLE dropping (
  endpoint_id bigint PRIMARY KEY,
  put_before  timestamptz NOT NULL
);
