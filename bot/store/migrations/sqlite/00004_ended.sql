-- +goose Up

-- Since when nobody touched a request that wants nothing any more, ms since 1970; NULL: it is open.
ALTER TABLE requests ADD COLUMN ended BIGINT;
UPDATE requests SET ended = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE due IS NULL AND state <> 'pending';
CREATE INDEX requests_ended ON requests (ended) WHERE ended IS NOT NULL;
