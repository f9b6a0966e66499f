//! A plan into a film, and proof that the film is what the plan says.

mod crop;
mod limiter;
mod loudness;
mod mix;
mod timeline;
