//! Chroma subsampling of JPEG.

/// How many color samples a JPEG keeps, in the usual notation: 4:2:0 keeps one for each two by two pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ChromaSubsampling {
    Full444,
    Half422,
    Half440,
    Quarter420,
    Quarter411,
}
