//! Where the textures of a look with masks act.

/// Rows that are worked on together, by one thread and in one piece of scratch. 16 rows of a 4K picture in floats fit a
/// core's second cache.
pub(in crate::looks) const BAND: usize = 16;

/// Where textures act in one picture: a weight of 8 bits a pixel for each that has a mask.
#[derive(Debug, Default)]
pub(in crate::looks) struct TextureWeights {
    /// For each texture with masks its order among the steps, and the number of its plane.
    pub(in crate::looks) planes: Vec<(usize, usize)>,
    pub(in crate::looks) width: usize,
    /// For each band of rows its planes, one below the other.
    pub(in crate::looks) bands: Vec<Vec<u8>>,
}

impl TextureWeights {
    /// The weights of the texture of `order` in the row `line`; `None` is everywhere.
    pub(super) fn row(&self, order: usize, line: usize) -> Option<&[u8]> {
        let (_, plane) = self.planes.iter().find(|(own, _)| *own == order)?;
        let band = self.bands.get(line / BAND)?;
        let count = self.planes.iter().map(|(_, plane)| plane).max()? + 1;
        let rows = band.len() / (count * self.width).max(1);
        let start = (plane * rows + line % BAND) * self.width;
        band.get(start..start + self.width)
    }
}
