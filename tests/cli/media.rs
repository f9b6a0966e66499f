//! Codecs: stills, films and sound in and out.

mod films;
mod formats_page;
mod sound;
mod sound_files;
mod still_color;
mod stills;
