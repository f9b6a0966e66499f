//! Media that are known: lists of what may not be shown, and what was uploaded before.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::screening::Evidence;
use crate::analysis::{Analysis, PdqHash, PictureFacts};
use crate::error::Result;

/// By what a file and its copies are recognized.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fingerprints {
    /// BLAKE3 of the file.
    pub blake3: String,
    /// Of a still, or of the key frame of each shot.
    pub pictures: Vec<PictureFingerprint>,
    /// Chromaprint of its sound, as `fpcalc` prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
}

/// By what a picture and its copies are recognized.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureFingerprint {
    /// Seconds; absent for stills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// The PDQ hash.
    pub pdq: PdqHash,
    /// The DCT hash, 16 hex digits.
    pub dct: String,
}

impl Fingerprints {
    /// Those of an analyzed file.
    pub fn of(analysis: &Analysis) -> Self {
        let still = analysis.picture.iter().map(|picture| (None, picture));
        let shots = analysis.video.iter().flat_map(|video| &video.shots);
        let shots = shots.map(|shot| (Some(shot.key_time), &shot.picture));
        Self {
            blake3: analysis.file.blake3.clone(),
            pictures: still.chain(shots).filter_map(fingerprint).collect(),
            sound: analysis
                .audio
                .as_ref()
                .and_then(|audio| audio.chromaprint.clone()),
        }
    }
}

fn fingerprint((at, picture): (Option<f64>, &PictureFacts)) -> Option<PictureFingerprint> {
    Some(PictureFingerprint {
        at,
        pdq: picture.pdq.clone()?,
        dct: picture.hash.clone()?,
    })
}

/// Tells what is known of a file.
pub trait KnownMedia: fmt::Debug + Send + Sync {
    /// What speaks against a file, or is worth knowing of it, by its fingerprints.
    fn matches(&self, prints: &Fingerprints) -> Result<Vec<Evidence>>;
}
