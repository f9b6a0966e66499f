//! The weights of a measured mask at every pixel of a picture, for others than looks.

use std::sync::Arc;

use crate::looks::mask::guide::Guide;
use crate::looks::mask::guided::{GuidedMask, GuidedRows};
use crate::looks::mask::{MaskSource, Masks};
use crate::picture::Rgb8;

impl Masks {
    /// The weights (0..255) of `source` at each pixel of `picture`, refined at its edges and softened by `feather`
    /// (percent of the shorter side). `None` if it was not measured.
    pub fn refined(&self, source: MaskSource, picture: &Rgb8, feather: f64) -> Option<Vec<u8>> {
        let plane = self.get(source)?;
        let guide = Guide::new(picture);
        let sharp = GuidedMask::new(&guide, &plane.at_size(guide.size));
        let mask = if feather > 0.0 {
            sharp.feathered(&guide, feather)
        } else {
            sharp
        };
        let rows = GuidedRows::new(Arc::new(mask), picture.size());
        let width = picture.width().max(1);
        let mut weights = vec![0.0_f32; width];
        let mut narrow = Vec::new();
        let mut all = Vec::with_capacity(picture.samples().len() / 3);
        for (line, samples) in picture.samples().chunks_exact(width * 3).enumerate() {
            rows.row(line, samples, &mut narrow, &mut weights);
            let rounded = |weight: &f32| (weight.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            all.extend(weights.iter().map(rounded));
        }
        Some(all)
    }
}
