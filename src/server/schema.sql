CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    hash BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    revoked_at INTEGER
);

-- Times are milliseconds since the beginning of 1970.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    creator TEXT,
    preset TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    blake3 TEXT NOT NULL,
    webhook TEXT,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    begun_at INTEGER,
    ended_at INTEGER,
    -- Times that a child died over it, and times that it was begun at all.
    strikes INTEGER NOT NULL DEFAULT 0,
    starts INTEGER NOT NULL DEFAULT 0,
    verdict TEXT,
    decision TEXT,
    error_code TEXT,
    error_message TEXT
);
CREATE INDEX jobs_by_state ON jobs (state, due_at);
CREATE INDEX jobs_by_tenant ON jobs (tenant, begun_at);
CREATE INDEX jobs_by_creator ON jobs (tenant, creator);

CREATE TABLE idempotency (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant, key)
);
CREATE INDEX idempotency_by_job ON idempotency (job);

-- What is told of a job, each kind once.
CREATE TABLE events (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (job, number),
    UNIQUE (job, kind)
);

-- Webhooks that are to be sent: written in the same transaction as the event, so that none is forgotten.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    UNIQUE (job, number)
);
CREATE INDEX deliveries_by_state ON deliveries (state, due_at);
