//! What a style does, in the words in which the pace of finished films is described.

use std::collections::BTreeMap;

use crate::edit::{CutRule, Style};
use crate::effects::EffectPreset;
use crate::error::Result;
use crate::music::EnergyArc;
use crate::profile::{cuts_often, runs_long, spans_beats};
use crate::time::rounded;

/// Seconds of a beat at 120 beats a minute, the most common tempo.
const BEAT: f64 = 0.5;
/// Enlargement of a push that counts as full; that of a jump is about as much.
const FULL_PUSH: f64 = 0.15;

/// The features over which taste in transitions is learned, of the share (0..1) of the cuts that each kind has:
/// `does_cut`, `does_dissolve` … A wipe is one wherever it comes from: that is all that finished films show.
pub fn transition_features<'a>(
    shares: impl IntoIterator<Item = (&'a str, f64)>,
) -> BTreeMap<String, f64> {
    let mut features: BTreeMap<String, f64> = BTreeMap::new();
    for (kind, share) in shares {
        let mut add = |name: &str| *features.entry(format!("does_{name}")).or_default() += share;
        add(kind);
        if kind.starts_with("wipe_") {
            add("wipe");
        }
    }
    features
}

impl Style {
    /// Those of its transition, and of its cuts.
    pub fn transition_features(&self) -> Result<BTreeMap<String, f64>> {
        let Some(wish) = &self.transition else {
            return Ok(transition_features([("cut", 1.0)]));
        };
        let Some(transition) = &EffectPreset::find(&wish.effect)?.transition else {
            return Ok(transition_features([("cut", 1.0)]));
        };
        let kind = transition.kind.as_layer_transition().facts().kind;
        let share = 1.0 / f64::from(wish.every.max(1));
        let shares = [("cut", rounded(1.0 - share)), (kind, rounded(share))];
        Ok(transition_features(shares))
    }

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
            ("is_beats_long", spans_beats(self.beats.middling)),
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
