//! Codecs: reading and writing stills, films and sound.

mod animations;
mod fields;
mod film_color;
mod films;
mod formats_page;
mod opacity;
mod parts;
mod sound;
mod sound_files;
mod sound_writer;
mod still_color;
mod stills;
mod tiff;
mod tiff_file;
