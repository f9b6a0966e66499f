//! Codecs: reading and writing stills, films and sound.

mod films;
mod formats_page;
mod sound;
mod sound_files;
mod still_color;
mod stills;
