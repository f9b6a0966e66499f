//! A picture as its encoder made it.

/// A picture of a film with a constant frame rate, on its way into the file or read again from somewhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodedPicture<'a> {
    /// Number of the frame that it is.
    pub shown: i64,
    /// When it is decoded, in frames; may be below 0.
    pub decoded: i64,
    /// Decoding may begin with it.
    pub is_key: bool,
    /// As a stream of bytes of the codec.
    pub bytes: &'a [u8],
}

/// Is told each picture that an encoder makes, in the order in which they are decoded.
pub(in crate::media) type PictureWatch = Box<dyn FnMut(EncodedPicture<'_>) + Send>;
