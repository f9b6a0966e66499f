//! How a film is cut, in the words in which taste in pace is learned.

use std::collections::BTreeMap;

use crate::profile::{cuts_often, runs_long, spans_beats};

/// Shots from which a film has two halves to compare.
const FEWEST_SHOTS: usize = 6;

/// How a film is cut.
pub(super) struct Pace {
    /// Seconds of each shot.
    pub lengths: Vec<f64>,
    /// Seconds of the film.
    pub duration: f64,
    /// Share of its cuts that are dissolves or fades.
    pub dissolves: f64,
    /// Share of its cuts that are jump cuts.
    pub jump_cuts: f64,
    /// Share of its cuts that fall on beats; absent without music.
    pub on_beat: Option<f64>,
    /// Seconds from one beat of its music to the next, where that is known.
    pub beat: Option<f64>,
}

impl Pace {
    /// `does_cut_often` …
    pub fn features(&self) -> BTreeMap<String, f64> {
        let count = self.lengths.len().max(1) as f64;
        let mean = (self.lengths.iter().sum::<f64>() / count).max(0.01);
        let squares = self.lengths.iter().map(|length| (length - mean).powi(2));
        let spread = (squares.sum::<f64>() / count).sqrt();
        let features = [
            ("does_cut_often", Some(cuts_often(mean))),
            ("does_vary_lengths", Some((spread / mean).min(2.0) / 2.0)),
            ("does_dissolve", Some(self.dissolves)),
            ("does_jump_cut", Some(self.jump_cuts)),
            ("does_run_long", Some(runs_long(self.duration))),
            ("does_cut_on_beat", self.on_beat),
            (
                "is_beats_long",
                self.beat.map(|beat| spans_beats(mean / beat.max(0.1))),
            ),
            ("does_speed_up", self.quickening()),
        ];
        features
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|it| it.is_finite())?)))
            .collect()
    }

    /// By how much shorter its shots are in the second half than in the first, -1..1; negative where they grow longer.
    fn quickening(&self) -> Option<f64> {
        if self.lengths.len() < FEWEST_SHOTS {
            return None;
        }
        let (first, second) = self.lengths.split_at(self.lengths.len() / 2);
        let mean = |shots: &[f64]| shots.iter().sum::<f64>() / shots.len().max(1) as f64;
        let (first, second) = (mean(first), mean(second));
        Some((first - second) / (first + second).max(0.01))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_film_that_is_cut_faster_and_faster_speeds_up() {
        let pace = |lengths: &[f64]| Pace {
            lengths: lengths.to_vec(),
            duration: lengths.iter().sum(),
            dissolves: 0.0,
            jump_cuts: 0.0,
            on_beat: None,
            beat: Some(0.5),
        };
        let of = |lengths: &[f64]| pace(lengths).features();
        let quicker = of(&[4.0, 4.0, 4.0, 2.0, 2.0, 2.0]);
        assert!((quicker["does_speed_up"] - 1.0 / 3.0).abs() < 1e-9);
        assert!(of(&[1.0, 1.0, 1.0, 2.0, 2.0, 2.0])["does_speed_up"] < 0.0);
        assert!(!of(&[1.0, 2.0]).contains_key("does_speed_up"));
        // Four beats of half a second.
        assert!((of(&[2.0; 6])["is_beats_long"] - 0.5).abs() < 1e-9);
    }
}
