//! What the FFmpeg at hand can do, for `doctor`.

/// Such as `5.1.9-0+deb12u1`.
pub fn ffmpeg_version() -> String {
    unimplemented!()
}

/// Names of the encoders films need (`libx264`, `aac`) and whether each is there.
pub fn film_encoders() -> Vec<(String, bool)> {
    unimplemented!()
}
