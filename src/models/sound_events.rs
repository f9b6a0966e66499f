//! FireRedVAD AED: speech, singing and music, 100 times a second.

use crate::error::Result;
use crate::models::Models;

/// Probabilities of one 10 ms frame.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(missing_docs)]
pub struct SoundEventFrame {
    pub speech: f32,
    pub singing: f32,
    pub music: f32,
}

impl Models {
    /// Frames of `samples` (mono, 16 kHz, -1..1); none for less than 25 ms.
    pub fn sound_events(&self, samples: &[f32]) -> Result<Vec<SoundEventFrame>> {
        let _ = samples;
        unimplemented!()
    }
}
