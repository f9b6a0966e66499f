//! What a profile shows of its creator, in plain sentences and in numbers: means over what they took.

use std::collections::BTreeMap;

use crate::profile::evidence::{ChoiceThing, Evidence};
use crate::profile::population::usual_posts;
use crate::profile::{ColorPairs, EvidenceSource, Profile, TasteKind};

/// Fewest posts of a kind that something is said of.
const FEWEST: usize = 3;
/// Difference to what is usual (0..1) below which nothing is said.
const DIFFERENT: f64 = 0.03;
/// A probability that is as good as never, or always.
const NEVER: f64 = 0.05;
/// Kelvin of color temperature for each hundredth by which middle gray is redder than it is blue: the sRGB color of a black
/// body at 6000 K differs so much from that at 6500 K.
const KELVIN: f64 = 80.0;
/// Scale of `is_fast`: beats a minute at 0 and at 1.
const TEMPI: (f64, f64) = (60.0, 180.0);
/// Scale of `does_cut_often`: seconds a shot at 0 and at 1.
const CUT_LENGTHS: (f64, f64) = (8.0, 0.5);
/// Value of a tag (0..1) from which an instrument is heard.
const HEARD: f64 = 0.2;

/// What is known of a creator.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Portrait {
    /// Plain sentences.
    pub sentences: Vec<String>,
    /// Mean seconds a shot of each film.
    pub shot_lengths: Vec<f64>,
    /// Each track that was taken: beats a minute, valence and energy (0..1) where they are known.
    pub tracks: Vec<TrackPoint>,
    /// Colors after the creator's own edits, red, green and blue, most common first.
    pub palette: Vec<[u8; 3]>,
    /// Luma (0..1) before and after the creator's own edits, from dark to bright.
    pub tones: Vec<[f64; 2]>,
}

/// A track that was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPoint {
    /// Beats a minute.
    pub tempo: Option<f64>,
    /// 0..1.
    pub valence: f64,
    /// 0..1.
    pub energy: f64,
}

impl Portrait {
    /// Draws what `profile` knows.
    pub fn of(profile: &Profile) -> Self {
        let taken = |kind: TasteKind| -> Vec<&ChoiceThing> {
            let posts = profile
                .evidence
                .iter()
                .filter(|piece| is_shown(piece, kind));
            let choices = posts.flat_map(|piece| &piece.choices);
            let of_kind = choices.filter(|choice| choice.kind == kind);
            of_kind.filter_map(|choice| choice.taken.as_ref()).collect()
        };
        let (looks, films) = (taken(TasteKind::Look), taken(TasteKind::Pace));
        let tracks = taken(TasteKind::Music);
        let colors: Vec<&ColorPairs> = profile
            .evidence
            .iter()
            .filter_map(|piece| piece.colors.as_ref())
            .collect();
        let mut sentences = Vec::new();
        sentences.extend(look_sentence(&looks));
        sentences.extend(pace_sentences(&films));
        sentences.extend(music_sentence(&tracks));
        Self {
            sentences,
            shot_lengths: films.iter().filter_map(|film| shot_length(film)).collect(),
            tracks: tracks
                .iter()
                .filter_map(|track| TrackPoint::of(track))
                .collect(),
            palette: ColorPairs::palette(&colors),
            tones: ColorPairs::tones(&colors),
        }
    }
}

/// Posts show what their creator does; of music and pace, so does what was taken otherwise.
fn is_shown(piece: &Evidence, kind: TasteKind) -> bool {
    kind != TasteKind::Look || (piece.source == EvidenceSource::Post && piece.colors.is_none())
}

impl TrackPoint {
    fn of(track: &ChoiceThing) -> Option<Self> {
        let value = |name: &str| track.features.get(name).copied();
        Some(Self {
            tempo: value("is_fast").map(tempo),
            valence: value("is_happy")?,
            energy: value("is_energetic")?,
        })
    }
}

fn tempo(fast: f64) -> f64 {
    TEMPI.0 + (TEMPI.1 - TEMPI.0) * fast
}

fn shot_length(film: &ChoiceThing) -> Option<f64> {
    let often = film.features.get("does_cut_often")?;
    let (slow, quick) = CUT_LENGTHS;
    Some(slow * libm::pow(quick / slow, *often))
}

/// The values of a feature, in order.
fn values(things: &[&ChoiceThing], name: &str) -> Vec<f64> {
    let mut values: Vec<f64> = things
        .iter()
        .filter_map(|thing| thing.features.get(name).copied())
        .collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(values: &[f64]) -> Option<f64> {
    values.get(values.len() / 2).copied()
}

/// How the pictures differ from usual ones.
fn look_sentence(posts: &[&ChoiceThing]) -> Option<String> {
    if posts.len() < FEWEST {
        return None;
    }
    let usual: BTreeMap<&str, f64> = LOOK_WORDS
        .iter()
        .map(|(name, ..)| {
            let things = usual_posts(TasteKind::Look, "");
            let values = things.iter().filter_map(|features| features.get(*name));
            let count = things.len().max(1) as f64;
            (*name, values.sum::<f64>() / count)
        })
        .collect();
    let mut words = Vec::new();
    for (name, more, less) in LOOK_WORDS {
        let values = values(posts, name);
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let difference = mean - usual.get(name).copied().unwrap_or(0.0);
        if difference.abs() < DIFFERENT {
            continue;
        }
        let word = if difference > 0.0 { more } else { less };
        words.push(match name {
            "does_warmth" => {
                let kelvin = (difference.abs() * 100.0 * KELVIN / 50.0).round() * 50.0;
                format!("{word} than most by {kelvin:.0} K")
            }
            _ => format!("{word} by {:.0} %", 100.0 * difference.abs()),
        });
    }
    let text = match words.as_slice() {
        [] => "like most".to_owned(),
        words => words.join(", "),
    };
    Some(format!("Pictures: {text} ({} posts).", posts.len()))
}

/// Feature, and the words for more and for less of it.
const LOOK_WORDS: [(&str, &str, &str); 4] = [
    ("does_warmth", "warmer", "cooler"),
    ("does_brightness", "brighter", "darker"),
    ("does_contrast", "more contrast", "less contrast"),
    ("does_saturation", "more color", "less color"),
];

/// How films are cut.
fn pace_sentences(films: &[&ChoiceThing]) -> Option<String> {
    let mut lengths: Vec<f64> = films.iter().filter_map(|film| shot_length(film)).collect();
    lengths.sort_by(f64::total_cmp);
    if lengths.len() < FEWEST {
        return None;
    }
    let mut parts = vec![format!("cuts every {:.1} s", median(&lengths)?)];
    if let Some(share) = median(&values(films, "does_cut_on_beat")) {
        parts.push(format!("{:.0} % of them on the beat", 100.0 * share));
    }
    parts.push(match median(&values(films, "does_dissolve"))? {
        share if share < NEVER => "never dissolves".to_owned(),
        share => format!("dissolves at {:.0} % of the cuts", 100.0 * share),
    });
    Some(format!(
        "Films: {} ({} films).",
        parts.join(", "),
        lengths.len()
    ))
}

/// What music is taken.
fn music_sentence(tracks: &[&ChoiceThing]) -> Option<String> {
    if tracks.len() < FEWEST {
        return None;
    }
    let mut parts = Vec::new();
    let tempi = values(tracks, "is_fast");
    // The middle four fifths.
    let edge = tempi.len() / 10;
    if let (Some(slow), Some(fast)) = (
        tempi.get(edge),
        tempi
            .len()
            .checked_sub(edge + 1)
            .and_then(|at| tempi.get(at)),
    ) {
        parts.push(format!("{:.0} to {:.0} bpm", tempo(*slow), tempo(*fast)));
    }
    let heard: Vec<&str> = INSTRUMENTS
        .iter()
        .filter(|(name, _)| median(&values(tracks, name)).is_some_and(|value| value >= HEARD))
        .map(|(_, word)| *word)
        .collect();
    if !heard.is_empty() {
        parts.push(format!("with {}", heard.join(" and ")));
    }
    match median(&values(tracks, "is_sung")) {
        Some(sung) if sung < 0.3 => parts.push("instrumental".to_owned()),
        Some(sung) if sung > 0.7 => parts.push("sung".to_owned()),
        _ => {}
    }
    Some(format!(
        "Music: {} ({} tracks).",
        parts.join(", "),
        tracks.len()
    ))
}

const INSTRUMENTS: [(&str, &str); 5] = [
    ("is_guitar", "guitar"),
    ("is_piano", "piano"),
    ("is_electronic", "electronics"),
    ("is_orchestral", "strings"),
    ("is_drummed", "drums"),
];
