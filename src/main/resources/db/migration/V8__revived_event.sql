-- An event that stands for one that is past its retention, so that a delivery of it can be made once more: receivers see the
-- id of the old one.
ALTER TABLE event ADD COLUMN stands_for bigint;
