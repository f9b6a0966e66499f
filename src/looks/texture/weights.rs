//! The weights of textures in a look with masks.

/// Rows of a band, which one thread processes with one piece of scratch. 16 rows of a 4K picture in floats fit a core's
/// second-level cache.
pub(in crate::looks) const BAND: usize = 16;

/// The weights of textures in one picture: 8 bits a pixel for each texture that has a mask.
#[derive(Debug, Default)]
pub(in crate::looks) struct TextureWeights {
    /// For each texture with masks: its order among the steps, and the index of its plane.
    pub(in crate::looks) planes: Vec<(usize, usize)>,
    pub(in crate::looks) width: usize,
    /// The planes of each band of rows, stacked.
    pub(in crate::looks) bands: Vec<Vec<u8>>,
}

impl TextureWeights {
    /// The weights, in row `line`, of the texture with this `order`; `None` is everywhere.
    pub(super) fn row(&self, order: usize, line: usize) -> Option<&[u8]> {
        let (_, plane) = self.planes.iter().find(|(own, _)| *own == order)?;
        let band = self.bands.get(line / BAND)?;
        let count = self.planes.iter().map(|(_, plane)| plane).max()? + 1;
        let rows = band.len() / (count * self.width).max(1);
        let start = (plane * rows + line % BAND) * self.width;
        band.get(start..start + self.width)
    }
}
