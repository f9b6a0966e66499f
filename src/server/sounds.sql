-- The items of a sound, of 32 bits each; `hash` is their BLAKE3, and `kind` is `sound`.
ALTER TABLE listed ADD COLUMN sound BLOB;
ALTER TABLE seen ADD COLUMN sound BLOB;
