//! Comments that carry what an edit decision list has no place for.

/// The frame rate and the size of the film: `* FRAME RATE: 30000/1001 SIZE: 1920x1080`.
pub(super) const FRAME_RATE: &str = "* FRAME RATE:";
/// The size, in the same line.
pub(super) const SIZE: &str = "SIZE:";
/// The address of the file, as Avid and Resolve write it.
pub(super) const SOURCE_FILE: &str = "* SOURCE FILE:";
/// The exact second that a clip begins at, where that is no whole frame: `* SOURCE IN: 3/20`.
pub(super) const SOURCE_IN: &str = "* SOURCE IN:";

/// What follows `key` in a comment.
pub(super) fn value<'a>(comment: &'a str, key: &str) -> Option<&'a str> {
    let head = comment.get(..key.len())?;
    let rest = comment.get(key.len()..)?;
    head.eq_ignore_ascii_case(key).then(|| rest.trim())
}

/// What follows `key` in a comment that may begin with a star and may have a colon after its key.
pub(super) fn loose_value<'a>(comment: &'a str, key: &str) -> Option<&'a str> {
    let bare = comment.trim_start_matches('*').trim_start();
    let head = bare.get(..key.len())?;
    let rest = bare.get(key.len()..)?;
    head.eq_ignore_ascii_case(key)
        .then(|| rest.trim_start_matches(':').trim())
}
