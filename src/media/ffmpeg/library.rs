//! The library itself: its log, its version, its encoders, its rationals.

use std::sync::Once;

use ffmpeg_next as ffmpeg;

/// Silences FFmpeg: it must not talk to the terminal of the program that uses this library.
pub(super) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| ffmpeg::util::log::set_level(ffmpeg::util::log::Level::Quiet));
}

/// An FFmpeg rational as ours; `None` when its denominator is 0.
pub(super) fn rational(value: ffmpeg::ffi::AVRational) -> Option<crate::time::Rational> {
    crate::time::Rational::new(i64::from(value.num), i64::from(value.den))
}

/// The encoder for pictures.
pub(in crate::media) const PICTURE_ENCODER: &str = "libx264";
/// The encoder for sound.
pub(in crate::media) const SOUND_ENCODER: &str = "aac";

/// The version of the libraries at hand.
pub(in crate::media) fn version() -> String {
    // SAFETY: gives a static string.
    let version = unsafe { std::ffi::CStr::from_ptr(ffmpeg::ffi::av_version_info()) };
    version.to_string_lossy().into_owned()
}

/// There is an encoder named `name`.
pub(in crate::media) fn has_encoder(name: &str) -> bool {
    ffmpeg::encoder::find_by_name(name).is_some()
}
