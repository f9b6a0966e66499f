//! How a film is cut, in the words in which taste in pace is learned.

use std::collections::BTreeMap;

use crate::edit::{cuts_often, runs_long};

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
        ];
        features
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|it| it.is_finite())?)))
            .collect()
    }
}
