//! How loud a film is over time, for the waveform that is drawn into its picture.
//!
//! The mix is played once more and its level taken every [`STEP`] samples. Levels count beside the loud parts of the
//! film, so the gain that mastering adds changes nothing. A film without a waveform is not played.

use crate::edit::Plan;
use crate::error::Result;
use crate::render::mixer::{Mixer, SoundSources};
use crate::sound::{CHANNELS, RATE};
use crate::task::Task;

/// Samples (a channel) of one level: 50 ms, a short syllable.
const STEP: usize = 2_400;
/// Levels on either side of a moment that are drawn: a second and a half, as much as the eye follows.
const AROUND: usize = 30;
/// Share of the levels that are softer than the loud parts.
const LOUD: f64 = 0.95;
/// How far under the loud parts a bar is lowest, in dB: the pauses of a quiet room.
const RANGE: f64 = 34.0;
/// Levels of an example: as long as films in galleries.
const EXAMPLE: usize = 200;
/// Level, in dB, of what is silent.
const SILENCE: f64 = -120.0;

/// The levels of a film, 0..1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SoundLevels {
    heights: Vec<f64>,
}

impl SoundLevels {
    /// Those of the mix of `plan`; `None` where no waveform is drawn.
    pub fn of(plan: &Plan, sources: &SoundSources<'_>, task: &Task) -> Result<Option<Self>> {
        if !plan.has_waveform() {
            return Ok(None);
        }
        let mut mixer = Mixer::new(plan, sources)?;
        let mut levels = Vec::new();
        while let Some(block) = mixer.next_block()? {
            task.check()?;
            levels.extend(block.chunks(STEP * CHANNELS).map(level));
        }
        Ok(Some(Self::from_levels(&levels)))
    }

    /// Those of no film in particular, for pictures of the effect: a few words.
    pub fn example() -> Self {
        let height = |at: usize| {
            let syllable = (at % 7) as f64 / 6.0;
            let word = (at * 37 % 11) as f64 / 10.0;
            (1.0 - (2.0 * syllable - 1.0).abs()) * (0.4 + 0.6 * word)
        };
        Self {
            heights: (0..EXAMPLE).map(height).collect(),
        }
    }

    /// From levels in dB.
    fn from_levels(levels: &[f64]) -> Self {
        let mut sorted: Vec<f64> = levels.iter().copied().filter(|it| *it > SILENCE).collect();
        sorted.sort_by(f64::total_cmp);
        let loud = sorted.get((sorted.len() as f64 * LOUD) as usize);
        let lowest = loud.copied().unwrap_or(0.0) - RANGE;
        let height = |level: &f64| ((level - lowest) / RANGE).clamp(0.0, 1.0);
        Self {
            heights: levels.iter().map(height).collect(),
        }
    }

    /// The levels around second `time` of the film, evenly spaced with that moment in the middle. Between two levels
    /// they are mixed, so that a film of any frame rate moves evenly.
    pub fn around(&self, time: f64) -> Vec<f64> {
        let at = time * f64::from(RATE) / STEP as f64 - AROUND as f64;
        let height = |place: f64| match place >= 0.0 {
            true => self.heights.get(place as usize).copied().unwrap_or(0.0),
            false => 0.0,
        };
        (0..2 * AROUND)
            .map(|number| {
                let place = at + number as f64;
                let (before, share) = (place.floor(), place - place.floor());
                height(before) * (1.0 - share) + height(before + 1.0) * share
            })
            .collect()
    }
}

/// The level of samples, in dB.
fn level(samples: &[f32]) -> f64 {
    let power: f64 = samples
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum();
    let mean = power / samples.len().max(1) as f64;
    (10.0 * mean.log10()).max(SILENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_bar_is_what_is_heard_and_the_others_come_and_go() {
        // Two seconds of silence, two loud ones, two that are half as high.
        let levels = [[SILENCE; 40], [-20.0; 40], [-20.0 - RANGE / 2.0; 40]].concat();
        let levels = SoundLevels::from_levels(&levels);
        let around = levels.around(2.0);
        assert_eq!(around.len(), 2 * AROUND);
        assert!(around[..AROUND - 1].iter().all(|level| *level == 0.0));
        assert!(around[AROUND..].iter().all(|level| *level == 1.0));
        let around = levels.around(5.0);
        assert!((around[AROUND] - 0.5).abs() < 1e-9);
        // Halfway between two levels.
        assert!((levels.around(1.975)[AROUND] - 0.5).abs() < 1e-9);
        // Nothing is heard before and after the film.
        assert_eq!(levels.around(0.0)[0], 0.0);
        assert_eq!(levels.around(6.0)[2 * AROUND - 1], 0.0);
        assert!(
            SoundLevels::from_levels(&[])
                .around(1.0)
                .iter()
                .all(|level| *level == 0.0)
        );
    }
}
