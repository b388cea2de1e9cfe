-- Files that events speak of. Rows of chunks rather than large objects: they go with their row, and are dumped, replicated
-- and vacuumed like every other row, while a large object stays behind until somebody unlinks it.

CREATE TABLE attachment (
  id           bigint PRIMARY KEY,
  tenant_id    bigint NOT NULL REFERENCES tenant,
  filename     text NOT NULL,
  content_type text NOT NULL,
  -- In bytes; while it is being stored, the room that is kept for it.
  size         bigint NOT NULL,
  -- None while it is being stored.
  sha256       bytea,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attachment_by_tenant ON attachment (tenant_id) INCLUDE (size);
CREATE INDEX attachment_unfinished ON attachment (created_at) WHERE sha256 IS NULL;

CREATE TABLE attachment_chunk (
  attachment_id bigint NOT NULL REFERENCES attachment ON DELETE CASCADE,
  number        integer NOT NULL,
  bytes         bytea NOT NULL,
  PRIMARY KEY (attachment_id, number)
);
-- Most files are compressed already.
ALTER TABLE attachment_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
