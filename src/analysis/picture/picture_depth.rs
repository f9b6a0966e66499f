//! How thoroughly a picture is analyzed.

/// How thoroughly a picture is analyzed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureDepth {
    /// Everything, for stills.
    Full,
    /// For key frames: without saliency where a face or an object is already the subject.
    KeyFrame,
}
