//! musicnn: music tags and an embedding.

use crate::error::Result;
use crate::models::Models;

/// What the network says of a stretch of music.
#[derive(Debug, Clone)]
pub struct MusicTags {
    /// One probability for each of the 50 labels, averaged over 3-second patches.
    pub tags: Vec<f32>,
    /// 200 numbers, averaged likewise.
    pub embedding: Vec<f32>,
    /// Embedding of each 3-second patch.
    pub patches: Vec<Vec<f32>>,
}

impl Models {
    /// Tags `samples` (mono, 16 kHz) with the Million Song Dataset labels.
    pub fn music_tags(&self, samples: &[f32]) -> Result<MusicTags> {
        let _ = samples;
        unimplemented!()
    }

    /// The 50 label texts.
    pub fn music_tag_labels(&self) -> Result<&[String]> {
        unimplemented!()
    }
}
