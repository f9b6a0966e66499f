//! FFmpeg as a library: log level, version, encoders, rationals.

use std::sync::Once;

use ffmpeg_next as ffmpeg;

/// Silences FFmpeg's log, which would go to the terminal.
pub(super) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| ffmpeg::util::log::set_level(ffmpeg::util::log::Level::Quiet));
}

/// Converts an FFmpeg rational. `None` if the denominator is 0.
pub(super) fn rational(value: ffmpeg::ffi::AVRational) -> Option<crate::time::Rational> {
    crate::time::Rational::new(i64::from(value.num), i64::from(value.den))
}

/// Picture encoder.
pub(in crate::media) const PICTURE_ENCODER: &str = "libx264";
/// Sound encoder.
pub(in crate::media) const SOUND_ENCODER: &str = "aac";

/// Version of the linked FFmpeg.
pub(in crate::media) fn version() -> String {
    // SAFETY: gives a static string.
    let version = unsafe { std::ffi::CStr::from_ptr(ffmpeg::ffi::av_version_info()) };
    version.to_string_lossy().into_owned()
}

/// True if FFmpeg has an encoder named `name`.
pub(in crate::media) fn has_encoder(name: &str) -> bool {
    ffmpeg::encoder::find_by_name(name).is_some()
}
