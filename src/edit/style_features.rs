//! What a style does, in the words in which the pace of finished films is described.

use std::collections::BTreeMap;

use crate::edit::{CutRule, Style};
use crate::music::EnergyArc;
use crate::time::rounded;

/// Seconds of a beat at 120 beats a minute, the most common tempo.
const BEAT: f64 = 0.5;
/// Seconds a shot that count as not cutting often (0) and as cutting often (1).
const CUT_LENGTHS: (f64, f64) = (8.0, 0.5);
/// Seconds of a film that count as running long.
const LONG: f64 = 90.0;
/// Enlargement of a push that counts as full; that of a jump is about as much.
const FULL_PUSH: f64 = 0.15;

/// How often a film with shots of this many seconds is cut, from 0, seldom, to 1, often: a logarithmic scale, as the
/// difference between shots of one and two seconds is that between four and eight.
pub fn cuts_often(seconds: f64) -> f64 {
    let (slow, quick) = CUT_LENGTHS;
    let often = (slow.ln() - seconds.max(0.01).ln()) / (slow / quick).ln();
    often.clamp(0.0, 1.0)
}

/// How long a film of this many seconds runs, from 0 to 1, long.
pub fn runs_long(seconds: f64) -> f64 {
    (seconds / LONG).clamp(0.0, 1.0)
}

impl Style {
    /// The features over which taste in pace is learned: `does_cut_often` …
    pub fn pace_features(&self) -> BTreeMap<String, f64> {
        let shot = |beats: f64| (beats * BEAT).clamp(self.shortest, self.longest);
        let shots = [self.beats.quiet, self.beats.middling, self.beats.loud].map(shot);
        let mean = shots.iter().sum::<f64>() / shots.len() as f64;
        let spread = shots.iter().map(|shot| (shot - mean).abs()).sum::<f64>() / shots.len() as f64;
        let yes = |holds: bool| f64::from(u8::from(holds));
        // Of finished films, whatever is no cut is counted alike.
        let transition = self.transition.as_ref();
        let softens = transition.map_or(0.0, |soft| 1.0 / f64::from(soft.every.max(1)));
        let features = [
            ("does_cut_often", cuts_often(mean)),
            ("does_vary_lengths", (spread / mean).min(2.0) / 2.0),
            ("does_dissolve", softens),
            ("does_jump_cut", 0.0),
            ("does_run_long", runs_long(self.length)),
            ("does_cut_on_beat", yes(self.cut == CutRule::Montage)),
            ("does_cut_on_downbeat", self.downbeats),
            ("does_build", yes(self.arc == EnergyArc::Rise)),
            ("does_jump_closer", (self.punch / FULL_PUSH).min(1.0)),
            ("does_push_photos", (self.push / FULL_PUSH).min(1.0)),
        ];
        let features = features.map(|(name, value)| (name.to_owned(), rounded(value)));
        features.into_iter().collect()
    }
}
