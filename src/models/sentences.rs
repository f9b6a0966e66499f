//! MiniLM: sentences as vectors.

use crate::error::Result;
use crate::models::Models;

/// Numbers in a sentence vector.
pub const SENTENCE_SIZE: usize = 384;

impl Models {
    /// Unit vectors of `texts` (English); the dot product is the likeness.
    pub fn embed_sentences(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let _ = texts;
        unimplemented!()
    }
}
