//! Codecs: stills, films and sound in and out.

mod films;
mod sound;
mod still_color;
mod stills;
