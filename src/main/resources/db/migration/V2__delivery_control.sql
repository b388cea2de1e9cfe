-- How an endpoint wants its deliveries beyond what V1 knew.
ALTER TABLE endpoint
  -- None: no order. 1 first in first out, 2 in order per key.
  ADD COLUMN ordering smallint,
  -- JSON pointer into the event's data, for order per key.
  ADD COLUMN ordering_key text,
  -- When an ordered delivery fails for good: 1 go on with the next, 2 wait for it.
  ADD COLUMN ordering_on_failure smallint,
  -- Waits after each failure, instead of the contract's.
  ADD COLUMN retry_delays_ms bigint[],
  -- Whether the W3C trace context goes out with its deliveries.
  ADD COLUMN trace_context boolean NOT NULL DEFAULT false;

-- How an endpoint fares. Apart from `endpoint`, whose every change goes to every node.
CREATE TABLE endpoint_health (
  endpoint_id          bigint PRIMARY KEY,
  -- Deliveries failed for good since the last success.
  consecutive_failures integer NOT NULL DEFAULT 0,
  -- The first failed attempt since the last success.
  failing_since        timestamptz,
  last_failure_at      timestamptz,
  -- The last success of an endpoint that was known to fail, or when it was activated again: what failed before does
  -- not count, whenever it is reported.
  last_success_at      timestamptz,
  -- The highest step towards being disabled that was announced, in percent.
  announced_percent    smallint NOT NULL DEFAULT 0,
  -- Events that it would have got while it was disabled.
  missed               bigint NOT NULL DEFAULT 0,
  changed_at           timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE INDEX endpoint_health_changed ON endpoint_health (changed_at);
ALTER TABLE endpoint DROP COLUMN consecutive_failures, DROP COLUMN last_failure_at;

ALTER TABLE deferred
  -- Why it waits; dev.posthaste.event.Deferral.Reason.
  ADD COLUMN reason smallint NOT NULL DEFAULT 1,
  -- Of ordered deliveries only: they go one after the other per endpoint and key, by their place.
  ADD COLUMN order_key text,
  ADD COLUMN order_place bigint;
CREATE SEQUENCE deferred_order;
DROP INDEX deferred_due;
-- In the order in which they go; of those that were put off together, the older event first.
CREATE INDEX deferred_due ON deferred (endpoint_id, due_at, event_id) WHERE leased_by IS NULL AND order_key IS NULL;
CREATE INDEX deferred_ordered ON deferred (endpoint_id, order_key, order_place) WHERE order_key IS NOT NULL;
-- A key of which anything is leased is under way.
CREATE INDEX deferred_ordered_leased ON deferred (endpoint_id, order_key)
  WHERE order_key IS NOT NULL AND leased_by IS NOT NULL;
-- Tells at once that nothing is due, however many wait.
CREATE INDEX deferred_soonest ON deferred (due_at) WHERE leased_by IS NULL;

-- The vendors' part of the W3C trace context.
ALTER TABLE event ADD COLUMN tracestate text;
