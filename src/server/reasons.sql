-- Why the verdict is not `pass`: a list of kinds of evidence, in JSON.
ALTER TABLE jobs ADD COLUMN reasons TEXT;
