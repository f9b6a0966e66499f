//! Codecs: stills, films and sound in and out.

mod films;
mod sound;
mod sound_files;
mod still_color;
mod stills;
