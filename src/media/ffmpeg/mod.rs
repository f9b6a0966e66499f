//! The one place that talks to FFmpeg, through ffmpeg-next and its bindings.
//!
//! Everything unsafe of the room is in this folder, and nothing of FFmpeg leaves it: frames and packets come out as
//! plain data. Some calls of ffmpeg-next are unsound (frame geometry can be set after the buffer was made) or panic on
//! a path that is not UTF-8; they are not used here.
//!
//! A hostile file reaches nothing but its own bytes: containers are read through a [`std::fs::File`] that was opened
//! before, no protocol is allowed, and only demuxers of real containers are, so that a playlist, a script or a test
//! pattern generator is refused.

#![allow(unsafe_code)]

mod copied_streams;
mod demuxer;
mod film;
mod frame_to_rgb;
mod muxer;
mod picture_decoder;
mod picture_encoder;
mod scale;
pub(super) mod sound;
mod streams;

pub(super) use copied_streams::CopiedStreams;
pub(super) use demuxer::Demuxer;
pub(super) use film::FfmpegFilm;
pub(super) use frame_to_rgb::{Converters, over_black};
pub(super) use muxer::Muxer;
pub(super) use picture_encoder::{EncoderFrame, PictureEncoder, SoundEncoder};
pub(super) use streams::{Stream, StreamKind};

use std::sync::Once;

use ffmpeg_next as ffmpeg;

/// Silences FFmpeg: it must not talk to the terminal of the program that uses this library.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| ffmpeg::util::log::set_level(ffmpeg::util::log::Level::Quiet));
}

/// An FFmpeg rational as ours; `None` when its denominator is 0.
fn rational(value: ffmpeg::ffi::AVRational) -> Option<crate::time::Rational> {
    crate::time::Rational::new(i64::from(value.num), i64::from(value.den))
}

/// The encoder for pictures.
pub(super) const PICTURE_ENCODER: &str = "libx264";
/// The encoder for sound.
pub(super) const SOUND_ENCODER: &str = "aac";

/// The version of the libraries at hand.
pub(super) fn version() -> String {
    // SAFETY: gives a static string.
    let version = unsafe { std::ffi::CStr::from_ptr(ffmpeg::ffi::av_version_info()) };
    version.to_string_lossy().into_owned()
}

/// There is an encoder named `name`.
pub(super) fn has_encoder(name: &str) -> bool {
    ffmpeg::encoder::find_by_name(name).is_some()
}
