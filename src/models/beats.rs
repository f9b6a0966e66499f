//! BeatNet, three networks averaged: beat and downbeat activations, 50 a second.

use crate::error::Result;
use crate::models::Models;

/// Samples a second that it takes.
pub const BEAT_RATE: u32 = 22_050;

/// One frame of 20 ms, centered on sample `441 × index`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BeatActivation {
    /// A beat that is no downbeat.
    pub beat: f32,
    /// A downbeat.
    pub downbeat: f32,
}

impl Models {
    /// Activations of `samples` (mono, [`BEAT_RATE`]).
    pub fn beat_activations(&self, samples: &[f32]) -> Result<Vec<BeatActivation>> {
        let _ = samples;
        unimplemented!()
    }
}
