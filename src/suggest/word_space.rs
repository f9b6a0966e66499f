//! Compares pictures, tracks and looks by their descriptions: sentence vectors and the angles between them.
//!
//! The vectors of all descriptions lie in a narrow cone, in which a few are close to everything. So their mean is
//! subtracted first (Mu and Viswanath, "All-but-the-top", 2018): that of the looks' descriptions, which cover moods and
//! scenes evenly and are always available.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::looks::Look;
use crate::music::Track;
use crate::music::catalog::{mood_and_tags, quantize_vector};

/// Words for low and high valence, and for low and high arousal; a request is placed between them.
const MOODS: [[&str; 2]; 2] = [
    [
        "sad, dark, gloomy, melancholic",
        "happy, bright, cheerful, sunny",
    ],
    [
        "calm, quiet, peaceful, slow",
        "energetic, wild, fast, exciting",
    ],
];

/// The vectors of all descriptions of one request.
#[derive(Debug, Default)]
pub(super) struct WordSpace {
    set: Option<String>,
    vectors: BTreeMap<String, Vec<f32>>,
    /// The mean that was subtracted from all vectors.
    mean: Vec<f32>,
}

impl WordSpace {
    /// Embeds each distinct description that has no stored vector, once; `own` is that of the set, or the request.
    pub fn new(
        own: Option<String>,
        tracks: &[&Track],
        looks: &[Look],
        embed: impl Fn(&[&str]) -> Result<Vec<Vec<f32>>>,
    ) -> Result<Self> {
        let Some(own) = own else {
            return Ok(Self::default());
        };
        let look_texts: Vec<String> = looks.iter().map(look_text).collect();
        let unknown = tracks
            .iter()
            .copied()
            .filter(|track| track.words_vector.is_empty());
        let mut texts: Vec<String> = unknown.filter_map(track_text).collect();
        texts.extend(look_texts.iter().cloned());
        texts.push(own.clone());
        texts.extend(MOODS.iter().flatten().map(|words| (*words).to_owned()));
        texts.sort();
        texts.dedup();
        let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = embed(&borrowed)?;
        let mut vectors: BTreeMap<String, Vec<f32>> = texts.into_iter().zip(vectors).collect();
        // Track vectors are quantized as in a catalog, so that a folder gives the same result.
        for track in tracks {
            let Some(text) = track_text(track) else {
                continue;
            };
            let stored = match vectors.get(&text) {
                Some(vector) => quantize_vector(vector),
                None => track.words_vector.clone(),
            };
            vectors.insert(text, unit(&stored));
        }
        let size = vectors.values().map(Vec::len).min().unwrap_or(0);
        let mut mean = vec![0.0_f32; size];
        for vector in look_texts.iter().filter_map(|text| vectors.get(text)) {
            for (sum, number) in mean.iter_mut().zip(vector) {
                *sum += number / look_texts.len() as f32;
            }
        }
        for vector in vectors.values_mut() {
            for (number, mean) in vector.iter_mut().zip(&mean) {
                *number -= mean;
            }
        }
        Ok(Self {
            set: Some(own),
            vectors,
            mean,
        })
    }

    /// `[valence, arousal]` of the own description, each 0..1, from its distances to the opposite words; `None` if it
    /// is empty.
    pub fn mood(&self) -> Option<[f64; 2]> {
        let [valence, arousal] = MOODS.map(|[low, high]| {
            let (low, high) = (self.likeness(low)?, self.likeness(high)?);
            Some((0.5 + 1.5 * (high - low)).clamp(0.0, 1.0))
        });
        Some([valence?, arousal?])
    }

    /// Likeness of the set and a description, 0..1, with 0.5 for unrelated ones; `None` if either is empty.
    pub fn likeness(&self, text: &str) -> Option<f64> {
        alike(
            self.vectors.get(self.set.as_ref()?)?,
            self.vectors.get(text)?,
        )
    }

    /// Like [`Self::likeness`], for a stored vector.
    pub fn likeness_of(&self, stored: &[i8]) -> Option<f64> {
        let own = self.vectors.get(self.set.as_ref()?)?;
        if stored.len() != self.mean.len() {
            return None;
        }
        let mut vector = unit(stored);
        for (number, mean) in vector.iter_mut().zip(&self.mean) {
            *number -= mean;
        }
        alike(own, &vector)
    }
}

fn alike(a: &[f32], b: &[f32]) -> Option<f64> {
    let product = |a: &[f32], b: &[f32]| {
        a.iter()
            .zip(b)
            .map(|(x, y)| f64::from(*x) * f64::from(*y))
            .sum::<f64>()
    };
    let size = (product(a, a) * product(b, b)).sqrt();
    // Cosines beyond ±0.5 do not occur between descriptions of different things.
    (size > 1e-9).then(|| (0.5 + product(a, b) / size).clamp(0.0, 1.0))
}

/// The vector of about unit length that a catalog has stored.
fn unit(stored: &[i8]) -> Vec<f32> {
    stored
        .iter()
        .map(|number| f32::from(*number) / 127.0)
        .collect()
}

/// The description of a track; `None` if its analysis has no words.
pub(super) fn track_text(track: &Track) -> Option<String> {
    track.audio().and_then(mood_and_tags)
}

/// The description of a look.
pub(super) fn look_text(look: &Look) -> String {
    let words: Vec<&str> = look
        .mood
        .iter()
        .chain(&look.tags)
        .map(String::as_str)
        .collect();
    words.join(", ")
}
