//! Analysis of photos, films and sound, against ground truth.

mod captions;
mod films;
mod fingerprints;
mod hearing;
mod people;
mod photo_facts;
mod photos;
