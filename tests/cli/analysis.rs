//! What is found in photos, films and sound, against what is known of them.

mod captions;
mod films;
mod hearing;
mod people;
mod photo_facts;
mod photos;
