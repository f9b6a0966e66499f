//! Linear heads over musicnn's outputs, fitted by `models/train/fit-mood-head`: named axes, and an embedding.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Size of the input of the heads: the penultimate layers of both networks.
pub(super) const PENULTIMATE: usize = 2 * LAST_LAYER;
/// Size of the penultimate layer of one network.
pub(super) const LAST_LAYER: usize = 200;

/// Four axes of music, each relative to the music that the head was fitted on: half of it is below 0.5.
///
/// The head was fitted to the output of another program, not to the judgment of people.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct MoodAxes {
    pub valence: f64,
    pub energy: f64,
    pub danceability: f64,
    pub acousticness: f64,
}

/// The head as it is in the file: `value = weights · x + offset`, mapped to `1 / (1 + exp((center - value) / spread))`.
#[derive(Debug, Deserialize)]
pub(super) struct MoodHead {
    axes: Vec<String>,
    offsets: Vec<f64>,
    centers: Vec<f64>,
    spreads: Vec<f64>,
    weights: Vec<Vec<f64>>,
}

/// The projection as it is in the file.
#[derive(Debug, Deserialize)]
pub(super) struct MusicProjection {
    /// Factor from a projected number to a quantized one.
    scale: f64,
    mean: Vec<f64>,
    /// Scale of the integer weights of each row.
    steps: Vec<f64>,
    rows: Vec<Vec<i8>>,
}

impl MoodHead {
    /// The file that it is read from.
    pub(super) const FILE: &str = "mood-head.json";

    pub(super) fn parse(content: &[u8]) -> Result<Self> {
        let head: Self = parse(Self::FILE, content)?;
        if head.weights.iter().any(|row| row.len() != PENULTIMATE) {
            return Err(failed(Self::FILE, "an axis has too few weights".into()));
        }
        Ok(head)
    }

    /// The axes of music with this mean of both penultimate layers.
    pub(super) fn axes(&self, penultimate: &[f64]) -> Result<MoodAxes> {
        let axis = |name: &str| {
            let missing = || failed(Self::FILE, format!("it has no axis {name}"));
            let index = self.axes.iter().position(|axis| axis == name);
            index
                .and_then(|index| self.value(index, penultimate))
                .ok_or_else(missing)
        };
        Ok(MoodAxes {
            valence: axis("valence")?,
            energy: axis("energy")?,
            danceability: axis("danceability")?,
            acousticness: axis("acousticness")?,
        })
    }

    fn value(&self, axis: usize, penultimate: &[f64]) -> Option<f64> {
        let weights = self.weights.get(axis)?;
        let along: f64 = weights.iter().zip(penultimate).map(|(a, b)| a * b).sum();
        let value = along + self.offsets.get(axis)?;
        let distance = (self.centers.get(axis)? - value) / self.spreads.get(axis)?;
        Some(1.0 / (1.0 + distance.exp()))
    }
}

impl MusicProjection {
    /// The file that it is read from.
    pub(super) const FILE: &str = "music-embedding.json";

    pub(super) fn parse(content: &[u8]) -> Result<Self> {
        let projection: Self = parse(Self::FILE, content)?;
        let whole = projection.mean.len() == PENULTIMATE
            && projection.steps.len() == projection.rows.len()
            && projection.rows.iter().all(|row| row.len() == PENULTIMATE);
        if !whole {
            return Err(failed(Self::FILE, "a row has too few weights".into()));
        }
        Ok(projection)
    }

    /// The projection of this mean of both penultimate layers.
    pub(super) fn project(&self, penultimate: &[f64]) -> Vec<f64> {
        let centered: Vec<f64> = penultimate
            .iter()
            .zip(&self.mean)
            .map(|(value, mean)| value - mean)
            .collect();
        self.rows
            .iter()
            .zip(&self.steps)
            .map(|(row, step)| {
                let along = row.iter().zip(&centered);
                step * along
                    .map(|(&weight, value)| f64::from(weight) * value)
                    .sum::<f64>()
            })
            .collect()
    }

    /// Projected numbers quantized to -127..127, with one scale for all tracks.
    pub(super) fn quantize(&self, projected: Vec<f64>) -> Vec<i8> {
        let small = |value: f64| (value * self.scale).round().clamp(-127.0, 127.0) as i8;
        projected.into_iter().map(small).collect()
    }
}

fn parse<T: DeserializeOwned>(file: &str, content: &[u8]) -> Result<T> {
    serde_json::from_slice(content).map_err(|error| failed(file, error.to_string()))
}

fn failed(file: &str, what: String) -> Error {
    Error::Inference {
        model: file.into(),
        what,
    }
}
