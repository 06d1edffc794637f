-- +goose Up

-- Where people decide on a request, as PLATFORM/TENANT; NULL: nobody has to.
ALTER TABLE requests ADD COLUMN decided_in TEXT;
UPDATE requests SET decided_in = json_extract(doc, '$.threads[#-1].at.platform') || '/' || COALESCE(json_extract(doc, '$.threads[#-1].at.tenant'), '')
WHERE json_valid(doc) AND json_extract(doc, '$.policy.required') > 0;
CREATE INDEX requests_decided ON requests (decided_in, id) WHERE decided_in IS NOT NULL;
CREATE INDEX requests_waiting ON requests (decided_in, id) WHERE state = 'pending';
DROP INDEX requests_state;
