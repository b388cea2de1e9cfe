-- Tenants that can be changed and deleted, and catalogs of event types that operators change at run
-- time.

-- A uid is free again once its tenant is deleted.
ALTER TABLE tenant DROP CONSTRAINT tenant_account_id_uid_key;
CREATE UNIQUE INDEX tenant_uid ON tenant (account_id, uid) WHERE deleted_at IS NULL;

ALTER TABLE tenant
  -- What becomes of events that the catalog does not allow; dev.posthaste.event.Validation.
  ADD COLUMN validation smallint NOT NULL DEFAULT 3,
  ADD COLUMN metadata text NOT NULL DEFAULT '{}';

-- What lies over the catalogs of the files. Every change of an entry writes the row of its catalog
-- too, so that the revision of the catalog stands for all of it, and changes of one catalog wait for
-- each other.
CREATE TABLE catalog (
  account_id bigint NOT NULL REFERENCES account,
  name       text NOT NULL,
  -- It was imported as a whole: nothing of a file of its name shows through.
  whole      boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  revision   bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, name)
);
CREATE INDEX ON catalog (revision);

CREATE TABLE catalog_entry (
  account_id bigint NOT NULL,
  catalog    text NOT NULL,
  type       text NOT NULL,
  -- JSON as in a file of a catalog. None: the type was deleted, also if the file has it.
  entry      text,
  PRIMARY KEY (account_id, catalog, type),
  FOREIGN KEY (account_id, catalog) REFERENCES catalog
);

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON catalog FOR EACH ROW EXECUTE FUNCTION stamp_revision();
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON catalog EXECUTE FUNCTION announce_registry_change();
