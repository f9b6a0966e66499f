//! What was fitted on musicnn's outputs: named axes and an embedding, by `models/train/fit-mood-head`.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::models::Models;
use crate::models::music_tags::PENULTIMATE;

const HEAD: &str = "mood-head.json";
const EMBEDDING: &str = "music-embedding.json";

/// Four axes of music, each its place (0..1) among the music that the head was fitted on: half of that lies below 0.5.
///
/// The head imitates another program's judgment, not people's.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct MoodAxes {
    pub valence: f64,
    pub energy: f64,
    pub danceability: f64,
    pub acousticness: f64,
}

/// The head as it is written: `value = weights · x + offset`, told as `1 / (1 + exp((center - value) / spread))`.
#[derive(Debug, Deserialize)]
pub(super) struct MoodHead {
    axes: Vec<String>,
    offsets: Vec<f64>,
    centers: Vec<f64>,
    spreads: Vec<f64>,
    weights: Vec<Vec<f64>>,
}

/// The projection as it is written.
#[derive(Debug, Deserialize)]
pub(super) struct MusicProjection {
    /// What one unit of a projected number is worth as a whole number.
    scale: f64,
    mean: Vec<f64>,
    /// What one unit of a weight is worth, row by row.
    steps: Vec<f64>,
    rows: Vec<Vec<i8>>,
}

impl Models {
    /// The axes of music whose [`MusicPatch::penultimate`](super::MusicPatch::penultimate) has this mean.
    pub fn mood_axes(&self, penultimate: &[f64]) -> Result<MoodAxes> {
        let head = self.mood_head()?;
        let axis = |name: &str| {
            let missing = || failed(HEAD, format!("it has no axis {name}"));
            let place = head.axes.iter().position(|axis| axis == name);
            place
                .and_then(|place| head.value(place, penultimate))
                .ok_or_else(missing)
        };
        Ok(MoodAxes {
            valence: axis("valence")?,
            energy: axis("energy")?,
            danceability: axis("danceability")?,
            acousticness: axis("acousticness")?,
        })
    }

    /// What music with this mean of [`MusicPatch::penultimate`](super::MusicPatch::penultimate) sounds like: 96 numbers of
    /// which the first vary most, to be compared by the cosine.
    pub fn music_projection(&self, penultimate: &[f64]) -> Result<Vec<f64>> {
        let projection = self.projection()?;
        let centered: Vec<f64> = penultimate
            .iter()
            .zip(&projection.mean)
            .map(|(value, mean)| value - mean)
            .collect();
        Ok(projection
            .rows
            .iter()
            .zip(&projection.steps)
            .map(|(row, step)| {
                let along = row.iter().zip(&centered);
                step * along
                    .map(|(&weight, value)| f64::from(weight) * value)
                    .sum::<f64>()
            })
            .collect())
    }

    /// The same as whole numbers of at most 127, in one scale for all tracks.
    pub fn music_embedding(&self, penultimate: &[f64]) -> Result<Vec<i8>> {
        let scale = self.projection()?.scale;
        let small = |value: f64| (value * scale).round().clamp(-127.0, 127.0) as i8;
        let projected = self.music_projection(penultimate)?;
        Ok(projected.into_iter().map(small).collect())
    }

    fn mood_head(&self) -> Result<&MoodHead> {
        if let Some(head) = self.mood_head.get() {
            return Ok(head);
        }
        let head: MoodHead = self.fitted(HEAD)?;
        if head.weights.iter().any(|row| row.len() != PENULTIMATE) {
            return Err(failed(HEAD, "an axis has too few weights".into()));
        }
        Ok(self.mood_head.get_or_init(|| head))
    }

    fn projection(&self) -> Result<&MusicProjection> {
        if let Some(projection) = self.music_projection.get() {
            return Ok(projection);
        }
        let projection: MusicProjection = self.fitted(EMBEDDING)?;
        let whole = projection.mean.len() == PENULTIMATE
            && projection.steps.len() == projection.rows.len()
            && projection.rows.iter().all(|row| row.len() == PENULTIMATE);
        if !whole {
            return Err(failed(EMBEDDING, "a row has too few weights".into()));
        }
        Ok(self.music_projection.get_or_init(|| projection))
    }

    fn fitted<T: DeserializeOwned>(&self, file: &str) -> Result<T> {
        serde_json::from_slice(&self.read(file)?).map_err(|error| failed(file, error.to_string()))
    }
}

impl MoodHead {
    fn value(&self, axis: usize, penultimate: &[f64]) -> Option<f64> {
        let weights = self.weights.get(axis)?;
        let along: f64 = weights.iter().zip(penultimate).map(|(a, b)| a * b).sum();
        let value = along + self.offsets.get(axis)?;
        let distance = (self.centers.get(axis)? - value) / self.spreads.get(axis)?;
        Some(1.0 / (1.0 + distance.exp()))
    }
}

fn failed(file: &str, what: String) -> Error {
    Error::Inference {
        model: file.into(),
        what,
    }
}
