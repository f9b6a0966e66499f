//! How music feels: six axes and a mood, by formulas that can be read.
//!
//! Every part is level-independent, so that a quiet master of the same song feels the same. Weights are round numbers
//! chosen by hand: what theory and experiments agree on (Juslin and Laukka, "Communication of Emotions in Vocal Expression
//! and Music Performance", Psychological Bulletin 129, 2003: fast, dense, bright and sharp is active; major, fast and
//! light is positive). No regression was run, but how well the result goes with mood labels of the development corpus was
//! looked at while they were chosen, so agreement with those labels is no independent test.

use super::timbre::TimbreSummary;
use crate::analysis::{Axes, Key, Mood, Tempo};

/// What the axes are made of.
pub(super) struct Evidence<'a> {
    pub timbre: TimbreSummary,
    /// Mean strength of the beats, 0..1; 0 without a steady beat.
    pub strength: f64,
    pub tempo: Option<&'a Tempo>,
    pub key: Option<&'a Key>,
    pub tags: TagScores<'a>,
}

/// Tag probabilities by name.
pub(super) struct TagScores<'a> {
    labels: &'a [String],
    scores: &'a [f64],
}

impl<'a> TagScores<'a> {
    pub fn new(labels: &'a [String], scores: &'a [f64]) -> Self {
        Self { labels, scores }
    }

    /// Sum of the named tags' probabilities.
    fn sum(&self, names: &[&str]) -> f64 {
        self.labels
            .iter()
            .zip(self.scores)
            .filter(|(label, _)| names.iter().any(|name| name.eq_ignore_ascii_case(label)))
            .map(|(_, score)| score)
            .sum()
    }

    /// How far the tags lean to `more` (1) or `less` (0); 0.5 when they say nothing.
    fn lean(&self, more: &[&str], less: &[&str]) -> f64 {
        /// Probability that counts as nothing said.
        const DOUBT: f64 = 0.15;
        let (more, less) = (self.sum(more), self.sum(less));
        (more + DOUBT / 2.0) / (more + less + DOUBT)
    }
}

/// Moods by valence and arousal, after Russell's circumplex (1980).
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
/// Words farther away than this do not fit.
const NEAR: f64 = 0.3;
const MOST_WORDS: usize = 3;

/// The axes and the mood.
pub(super) fn describe(evidence: &Evidence<'_>) -> (Axes, Mood) {
    let Evidence {
        timbre,
        strength,
        tempo,
        key,
        tags,
    } = evidence;
    let bpm = tempo.map(|tempo| tempo.bpm);
    let density = ramp(timbre.onsets, 0.0, 8.0);
    let brightness = ramp(timbre.center.max(1.0).log2(), 9.0, 12.0);
    let noisiness = ramp(timbre.flatness, -25.0, -6.0);
    let crispness = ramp(timbre.rise, 0.5, 4.0);
    let speed = bpm.map_or(0.3, |bpm| ramp(bpm, 60.0, 180.0));

    let rousing = tags.lean(
        &[
            "rock",
            "metal",
            "heavy metal",
            "punk",
            "hard rock",
            "dance",
            "party",
            "electro",
            "House",
            "alternative rock",
            "Hip-Hop",
            "catchy",
        ],
        &[
            "ambient",
            "Mellow",
            "chillout",
            "chill",
            "beautiful",
            "easy listening",
            "acoustic",
            "sad",
            "folk",
            "classical",
            "instrumental",
            "jazz",
        ],
    );
    let energy = stretched(
        0.2 * rousing
            + 0.3 * brightness
            + 0.2 * density
            + 0.1 * noisiness
            + 0.1 * strength
            + 0.1 * speed,
    );

    let cheerful = tags.lean(
        &["happy", "party", "catchy", "funk"],
        &["sad", "ambient", "metal", "heavy metal", "beautiful"],
    );
    let major = key.map_or(0.5, |key| {
        let side = if key.mode == "major" { 0.5 } else { -0.5 };
        0.5 + side * key.confidence
    });
    // Without a beat there is nothing that could be weak.
    let drive = if bpm.is_some() { *strength } else { 0.5 };
    let valence =
        stretched(0.4 * cheerful + 0.25 * crispness + 0.15 * major + 0.1 * density + 0.1 * drive);

    let dancing = tags.lean(
        &[
            "dance",
            "House",
            "electro",
            "party",
            "funk",
            "Hip-Hop",
            "electronic",
            "electronica",
            "rnb",
            "soul",
            "catchy",
        ],
        &[
            "ambient",
            "metal",
            "heavy metal",
            "classical",
            "acoustic",
            "folk",
            "experimental",
            "Progressive rock",
            "beautiful",
        ],
    );
    // People dance at about two beats a second.
    let walkable = bpm.map_or(0.0, |bpm| {
        let octaves = (bpm / 120.0).log2();
        (-2.0 * octaves * octaves).exp()
    });
    let steadiness = tempo.map_or(0.0, |tempo| tempo.confidence);
    let danceability =
        0.3 * dancing + 0.3 * crispness + 0.25 * steadiness + 0.15 * walkable * strength;

    let unplugged = tags.lean(
        &[
            "acoustic",
            "folk",
            "jazz",
            "country",
            "classical",
            "instrumental",
            "ambient",
            "beautiful",
            "easy listening",
            "Mellow",
            "blues",
        ],
        &[
            "electronic",
            "electro",
            "electronica",
            "dance",
            "House",
            "rock",
            "metal",
            "heavy metal",
            "hard rock",
            "punk",
            "Hip-Hop",
            "80s",
        ],
    );
    let acousticness = 0.65 * unplugged + 0.25 * (1.0 - noisiness) + 0.1 * (1.0 - brightness);

    let axes = Axes {
        energy,
        valence,
        danceability,
        acousticness,
        density,
        brightness,
    };
    let mood = Mood {
        valence,
        arousal: energy,
        words: words(valence, energy),
    };
    (axes, mood)
}

/// The nearest moods, best first; at least one.
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

/// A weighted mean of many parts seldom leaves the middle; this gives it the whole scale.
fn stretched(mean: f64) -> f64 {
    ramp(mean, 0.2, 0.8)
}

/// 0 up to `low`, 1 from `high` on, straight between.
fn ramp(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::TempoAlternative;

    fn described(timbre: TimbreSummary, bpm: f64, mode: &str, tag: &str) -> (Axes, Mood) {
        let labels = [tag.to_owned()];
        let tempo = Tempo {
            bpm,
            confidence: 0.9,
            meter: None,
            alternatives: Vec::<TempoAlternative>::new(),
        };
        let key = Key {
            tonic: "C".into(),
            mode: mode.into(),
            confidence: 0.8,
        };
        describe(&Evidence {
            timbre,
            strength: 0.8,
            tempo: Some(&tempo),
            key: Some(&key),
            tags: TagScores::new(&labels, &[0.6]),
        })
    }

    const LIVELY: TimbreSummary = TimbreSummary {
        onsets: 6.0,
        rise: 3.0,
        center: 2500.0,
        flatness: -6.0,
        fullness: 0.9,
    };
    const QUIET: TimbreSummary = TimbreSummary {
        onsets: 1.0,
        rise: 1.0,
        center: 800.0,
        flatness: -15.0,
        fullness: 0.7,
    };

    #[test]
    fn a_party_and_a_lament_are_worlds_apart() {
        let (party, happy) = described(LIVELY, 126.0, "major", "party");
        let (lament, sad) = described(QUIET, 64.0, "minor", "sad");
        assert!(party.energy > lament.energy + 0.4, "{party:?} {lament:?}");
        assert!(party.valence > lament.valence + 0.4);
        assert!(party.danceability > lament.danceability + 0.2);
        assert!(lament.acousticness > party.acousticness);
        assert_eq!(happy.arousal, party.energy);
        assert!(
            happy
                .words
                .iter()
                .any(|word| word == "joyful" || word == "happy"),
            "{happy:?}"
        );
        assert!(
            sad.words
                .iter()
                .any(|word| word == "sad" || word == "melancholic"),
            "{sad:?}"
        );
    }

    #[test]
    fn axes_stay_within_bounds_and_without_evidence_in_the_middle() {
        let (axes, mood) = describe(&Evidence {
            timbre: TimbreSummary::default(),
            strength: 0.0,
            tempo: None,
            key: None,
            tags: TagScores::new(&[], &[]),
        });
        for value in [
            axes.energy,
            axes.valence,
            axes.danceability,
            axes.acousticness,
            axes.density,
            axes.brightness,
        ] {
            assert!((0.0..=1.0).contains(&value), "{axes:?}");
        }
        assert!(!mood.words.is_empty());
    }
}
