//! Mood axes and embedding of music, from the mean of musicnn's penultimate layers.

use crate::error::Result;
use crate::models::Models;
use crate::models::music_heads::{MoodAxes, MoodHead, MusicProjection};

impl Models {
    /// The axes of music whose [`MusicPatch::penultimate`](super::MusicPatch::penultimate) has this mean.
    pub fn mood_axes(&self, penultimate: &[f64]) -> Result<MoodAxes> {
        let head = match self.mood_head.get() {
            Some(head) => head,
            None => {
                let head = MoodHead::parse(&self.read(MoodHead::FILE)?)?;
                self.mood_head.get_or_init(|| head)
            }
        };
        head.axes(penultimate)
    }

    /// The embedding of music with this mean of [`MusicPatch::penultimate`](super::MusicPatch::penultimate): 96
    /// numbers, those with the largest variance first, to be compared by the cosine.
    pub fn music_projection(&self, penultimate: &[f64]) -> Result<Vec<f64>> {
        Ok(self.projection()?.project(penultimate))
    }

    /// Like [`Self::music_projection`], quantized to -127..127 with one scale for all tracks.
    pub fn music_embedding(&self, penultimate: &[f64]) -> Result<Vec<i8>> {
        let projection = self.projection()?;
        Ok(projection.quantize(projection.project(penultimate)))
    }

    fn projection(&self) -> Result<&MusicProjection> {
        if let Some(projection) = self.music_projection.get() {
            return Ok(projection);
        }
        let projection = MusicProjection::parse(&self.read(MusicProjection::FILE)?)?;
        Ok(self.music_projection.get_or_init(|| projection))
    }
}
