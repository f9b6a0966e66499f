//! A frame in planar YUV, the format that video encoders take.

use crate::geometry::Size;

/// A frame of 8-bit YUV 4:2:0 by BT.709, black at 16 and white at 235; rows from top to bottom without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planar {
    size: Size,
    planes: [Vec<u8>; 3],
}

impl Planar {
    /// A gray frame; `None` unless both sides are even and not 0.
    pub fn new(size: Size) -> Option<Self> {
        let even = size.width.is_multiple_of(2) && size.height.is_multiple_of(2);
        let length = usize::try_from(size.pixels()).ok()?;
        (even && length > 0).then(|| Self {
            size,
            planes: [length, length / 4, length / 4].map(|length| vec![128; length]),
        })
    }

    /// Size of the luma plane; chroma planes have half of it.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Luma, blue difference, red difference.
    pub fn planes(&self) -> [&[u8]; 3] {
        self.planes.each_ref().map(Vec::as_slice)
    }

    /// The planes, mutable.
    pub fn planes_mut(&mut self) -> [&mut [u8]; 3] {
        self.planes.each_mut().map(Vec::as_mut_slice)
    }
}
