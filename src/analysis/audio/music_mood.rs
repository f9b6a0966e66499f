//! The mood of music: six axes, and words for valence and arousal.
//!
//! Energy, valence, danceability and acousticness come from a regression on musicnn's outputs
//! ([`Models::mood_axes`](crate::models::Models::mood_axes)); density and brightness are measured.

use super::timbre::TimbreSummary;
use crate::analysis::ramp::ramp;
use crate::analysis::{Axes, Mood};
use crate::models::MoodAxes;

/// Onsets a second at which density is 1.
const DENSEST: f64 = 8.0;
/// Spectral centroids at which brightness is 0 and 1, log2 Hz: 512 and 4096 Hz.
const DULLEST: f64 = 9.0;
const BRIGHTEST: f64 = 12.0;

/// Words with their valence and arousal, after Russell's circumplex (1980).
const WORDS: [(&str, f64, f64); 16] = [
    ("happy", 0.8, 0.6),
    ("joyful", 0.85, 0.75),
    ("energetic", 0.65, 0.9),
    ("upbeat", 0.7, 0.7),
    ("epic", 0.45, 0.8),
    ("aggressive", 0.2, 0.95),
    ("tense", 0.25, 0.7),
    ("dark", 0.2, 0.5),
    ("sad", 0.15, 0.25),
    ("melancholic", 0.3, 0.3),
    ("dreamy", 0.45, 0.25),
    ("calm", 0.6, 0.2),
    ("peaceful", 0.7, 0.15),
    ("warm", 0.7, 0.35),
    ("playful", 0.8, 0.45),
    ("serious", 0.4, 0.5),
];
/// Words farther away than this do not fit, in units of both axes (0..1).
const NEAR: f64 = 0.3;
const MOST_WORDS: usize = 3;

/// The axes and the mood.
pub(super) fn describe(head: MoodAxes, timbre: &TimbreSummary) -> (Axes, Mood) {
    let axes = Axes {
        energy: head.energy,
        valence: head.valence,
        danceability: head.danceability,
        acousticness: head.acousticness,
        density: ramp(timbre.onsets, 0.0, DENSEST),
        brightness: brightness(timbre.center),
    };
    let mood = Mood {
        valence: head.valence,
        arousal: head.energy,
        words: words(head.valence, head.energy),
    };
    (axes, mood)
}

/// Brightness, 0..1, of a spectral centroid in Hz.
pub(super) fn brightness(center: f64) -> f64 {
    ramp(center.max(1.0).log2(), DULLEST, BRIGHTEST)
}

/// The nearest words, best first; always at least one.
fn words(valence: f64, arousal: f64) -> Vec<String> {
    let mut near: Vec<(f64, &str)> = WORDS
        .iter()
        .map(|&(word, x, y)| ((x - valence).hypot(y - arousal), word))
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.iter()
        .enumerate()
        .filter(|(place, (distance, _))| *place == 0 || *distance <= NEAR)
        .take(MOST_WORDS)
        .map(|(_, (_, word))| (*word).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(valence: f64, energy: f64, onsets: f64, center: f64) -> (Axes, Mood) {
        let head = MoodAxes {
            valence,
            energy,
            danceability: 0.5,
            acousticness: 0.5,
        };
        describe(head, &TimbreSummary { onsets, center })
    }

    #[test]
    fn words_follow_the_axes_and_there_is_always_one() {
        let (party, happy) = described(0.85, 0.8, 6.0, 3000.0);
        let (lament, sad) = described(0.1, 0.2, 1.0, 600.0);
        assert_eq!(happy.words[0], "joyful");
        assert_eq!(sad.words[0], "sad");
        assert_eq!(
            (happy.arousal, happy.valence),
            (party.energy, party.valence)
        );
        assert!(party.density > lament.density && party.brightness > lament.brightness);
        for corner in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            assert!(!described(corner.0, corner.1, 0.0, 0.0).1.words.is_empty());
        }
    }

    #[test]
    fn what_is_measured_stays_within_bounds() {
        for (onsets, center) in [(0.0, 0.0), (100.0, 20_000.0)] {
            let (axes, _) = described(0.5, 0.5, onsets, center);
            assert!((0.0..=1.0).contains(&axes.density));
            assert!((0.0..=1.0).contains(&axes.brightness));
        }
    }
}
