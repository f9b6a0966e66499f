//! Version and encoders of the installed FFmpeg.

use crate::media::ffmpeg;

/// Such as `5.1.9-0+deb12u1`.
pub fn ffmpeg_version() -> String {
    ffmpeg::version()
}

/// The encoders that films need (`libx264`, `aac`), and whether each is available.
pub fn film_encoders() -> Vec<(String, bool)> {
    [ffmpeg::PICTURE_ENCODER, ffmpeg::SOUND_ENCODER]
        .map(|name| (name.into(), ffmpeg::has_encoder(name)))
        .into()
}
