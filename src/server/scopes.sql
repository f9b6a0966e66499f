-- Words between blanks; null: all.
ALTER TABLE keys ADD COLUMN scopes TEXT;
