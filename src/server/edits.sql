-- A job is `ingest`, or `edit`, whose wish is a JSON document.
ALTER TABLE jobs ADD COLUMN work TEXT NOT NULL DEFAULT 'ingest';
ALTER TABLE jobs ADD COLUMN wish TEXT;
