-- What a tenant does not want to be shown.
CREATE TABLE listed (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    -- `blake3`, `pdq` or `dct`.
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    verdict TEXT NOT NULL,
    note TEXT,
    made_at INTEGER NOT NULL,
    UNIQUE (tenant, kind, hash)
);

-- By what uploads that are done are recognized.
CREATE TABLE seen (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    at REAL
);
CREATE INDEX listed_by_tenant ON listed (tenant, number);
CREATE INDEX seen_by_tenant ON seen (tenant, number);
CREATE INDEX seen_by_job ON seen (job);
CREATE INDEX seen_by_hash ON seen (tenant, kind, hash);

-- What has to be the same for the results of an upload to be those of another one of its tenant.
ALTER TABLE jobs ADD COLUMN reuse_key TEXT;
ALTER TABLE jobs ADD COLUMN reused_from TEXT;
CREATE INDEX jobs_by_reuse_key ON jobs (tenant, reuse_key);
