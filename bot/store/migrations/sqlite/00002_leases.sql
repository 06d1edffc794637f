-- +goose Up

-- What one process at a time may do, and until when it may.
CREATE TABLE leases (
    name  TEXT   PRIMARY KEY,
    owner TEXT   NOT NULL,
    until BIGINT NOT NULL -- ms since 1970
);
