-- How far the feeds may read; dev.posthaste.store.CommitHorizon says why nothing is skipped.
ALTER TABLE node
  -- Every event that this node will still commit has a higher id, or this one.
  ADD COLUMN committed_below bigint NOT NULL DEFAULT 0,
  -- Has joined, and its lowest id is not fixed yet.
  ADD COLUMN entering boolean NOT NULL DEFAULT false;

-- What did not go well is rare and looked for: of all endpoints, and of one. What went well is in
-- neither index, so the way of success pays nothing but a look at its outcome.
CREATE INDEX attempt_trouble ON attempt (event_id, endpoint_id)
  WHERE outcome <> 1 OR http_status >= 300;
CREATE INDEX attempt_trouble_of_endpoint ON attempt (endpoint_id, event_id)
  WHERE outcome <> 1 OR http_status >= 300;
