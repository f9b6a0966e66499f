//! How thoroughly a picture is looked at.

/// How much is asked of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureDepth {
    /// Everything, for stills.
    Full,
    /// Without saliency where a face or object is the subject already, for key frames.
    KeyFrame,
}
