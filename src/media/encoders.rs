//! What the FFmpeg at hand can do, for `doctor`.

use crate::media::ffmpeg;

/// Such as `5.1.9-0+deb12u1`.
pub fn ffmpeg_version() -> String {
    ffmpeg::version()
}

/// Names of the encoders films need (`libx264`, `aac`) and whether each is there.
pub fn film_encoders() -> Vec<(String, bool)> {
    [ffmpeg::PICTURE_ENCODER, ffmpeg::SOUND_ENCODER]
        .map(|name| (name.into(), ffmpeg::has_encoder(name)))
        .into()
}
