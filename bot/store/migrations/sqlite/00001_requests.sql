-- +goose Up

-- A request is a document; beside it stand only the columns that are searched by.
CREATE TABLE requests (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT    NOT NULL,
    user_id  TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    handle   TEXT    NOT NULL,
    holds    BOOLEAN NOT NULL, -- whether it keeps the handle from being asked for again
    due      BIGINT,           -- when its next task is to be looked at, ms since 1970; NULL: none
    doc      TEXT    NOT NULL
);
CREATE UNIQUE INDEX requests_handle ON requests (handle) WHERE holds;
CREATE INDEX requests_due ON requests (due) WHERE due IS NOT NULL;
CREATE INDEX requests_user ON requests (platform, user_id, id);
CREATE INDEX requests_state ON requests (state, id);

-- What happened to a request: rows are only ever added.
CREATE TABLE history (
    request_id BIGINT  NOT NULL REFERENCES requests (id),
    seq        INTEGER NOT NULL,
    what       TEXT    NOT NULL,
    at         BIGINT  NOT NULL, -- ms since 1970
    version    INTEGER NOT NULL,
    event      TEXT,             -- what a person did, once; NULL: the bot's own doing
    doc        TEXT    NOT NULL,
    PRIMARY KEY (request_id, seq)
);
CREATE UNIQUE INDEX history_event ON history (event) WHERE event IS NOT NULL;

-- One row, written to see whether anything can be.
CREATE TABLE pulse (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Forms that are being filled in.
CREATE TABLE drafts (
    id      TEXT   PRIMARY KEY,
    updated BIGINT NOT NULL, -- ms since 1970
    doc     TEXT   NOT NULL
);
CREATE INDEX drafts_updated ON drafts (updated);
