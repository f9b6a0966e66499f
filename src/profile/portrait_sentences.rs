//! Sentences about a creator, from means over what they took: "Films: cuts every 1.8 s, about every 4 beats".

use std::collections::BTreeMap;

use crate::profile::evidence::ChoiceThing;
use crate::profile::film_scales::{shot_beats, shot_seconds};
use crate::profile::population::usual_posts;
use crate::profile::{Habits, Profile, TasteKind};

/// Fewest posts of a kind that something is said of.
const FEWEST: usize = 3;
/// Difference to what is usual (0..1) below which nothing is said.
const DIFFERENT: f64 = 0.03;
/// Kelvin beyond which it is not said how many: so far off, a picture is tinted and not lit, and the scale no longer holds.
const MOST_KELVIN: f64 = 1000.0;
/// A probability that is as good as never, or always.
const NEVER: f64 = 0.05;
/// Kelvin of color temperature for each hundredth by which middle gray is redder than it is blue: the sRGB color of a black
/// body at 6000 K differs so much from that at 6500 K.
const KELVIN: f64 = 80.0;
/// Scale of `is_fast`: beats a minute at 0 and at 1.
const TEMPI: (f64, f64) = (60.0, 180.0);
/// Change of the length of shots (their difference by their sum) that is noticed: a fifth.
const QUICKENS: f64 = 0.1;
/// Nearness (a face of half the height is 1) from which a shot is a medium shot, and from which it is a close-up: faces
/// of an eighth and of a third of the height.
const MEDIUM_SHOT: f64 = 0.25;
const CLOSE_UP: f64 = 0.66;
/// Value of a tag (0..1) from which an instrument is heard.
const HEARD: f64 = 0.2;

/// All sentences that `taken`, the things that were taken of each kind, and the habits of `profile` allow.
pub(super) fn sentences<'a>(
    profile: &Profile,
    taken: impl Fn(TasteKind) -> Vec<&'a ChoiceThing>,
) -> Vec<String> {
    let said = [
        look_sentence(&taken(TasteKind::Look)),
        pace_sentence(&taken(TasteKind::Pace)),
        transition_sentence(&taken(TasteKind::Transition)),
        shape_sentence(&Habits::of(profile)),
        people_sentence(&taken(TasteKind::Framing)),
        caption_sentence(&taken(TasteKind::Captions)),
        music_sentence(&taken(TasteKind::Music)),
    ];
    said.into_iter().flatten().collect()
}

/// Beats a minute of a track that is so fast.
pub(super) fn tempo(fast: f64) -> f64 {
    TEMPI.0 + (TEMPI.1 - TEMPI.0) * fast
}

fn shot_length(film: &ChoiceThing) -> Option<f64> {
    film.features
        .get("does_cut_often")
        .copied()
        .map(shot_seconds)
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
            let things = usual_posts(TasteKind::Look, &BTreeMap::new(), "");
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
                match kelvin > MOST_KELVIN {
                    true => format!("much {word} than most (by more than {MOST_KELVIN:.0} K)"),
                    false => format!("{word} than most by {kelvin:.0} K"),
                }
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
fn pace_sentence(films: &[&ChoiceThing]) -> Option<String> {
    let mut lengths: Vec<f64> = films.iter().filter_map(|film| shot_length(film)).collect();
    lengths.sort_by(f64::total_cmp);
    if lengths.len() < FEWEST {
        return None;
    }
    let mut parts = vec![format!("cuts every {:.1} s", median(&lengths)?)];
    if let Some(spans) = median(&values(films, "is_beats_long")) {
        let beats = shot_beats(spans).round();
        parts.push(match beats {
            beats if beats < 1.5 => "about every beat".to_owned(),
            beats => format!("about every {beats:.0} beats"),
        });
    }
    if let Some(share) = median(&values(films, "does_cut_on_beat")) {
        parts.push(format!("{:.0} % of them on the beat", 100.0 * share));
    }
    match median(&values(films, "does_speed_up")) {
        Some(change) if change > QUICKENS => parts.push("faster towards the end".to_owned()),
        Some(change) if change < -QUICKENS => parts.push("slower towards the end".to_owned()),
        _ => {}
    }
    let films = lengths.len();
    Some(format!("Films: {} ({films} films).", parts.join(", ")))
}

/// How one shot leads to the next.
fn transition_sentence(cuts: &[&ChoiceThing]) -> Option<String> {
    if cuts.len() < FEWEST {
        return None;
    }
    let mean = |name: &str| values(cuts, name).iter().sum::<f64>() / cuts.len() as f64;
    let mut parts: Vec<String> = SOFTENED
        .iter()
        .map(|(name, word)| (mean(name), word))
        .filter(|(share, _)| *share >= NEVER)
        .map(|(share, word)| format!("{word} at {:.0} % of the cuts", 100.0 * share))
        .collect();
    if mean("does_dissolve") < NEVER {
        parts.push("never dissolves".to_owned());
    }
    Some(format!(
        "Transitions: {} ({} films).",
        parts.join(", "),
        cuts.len()
    ))
}

/// Feature, and what it is called.
const SOFTENED: [(&str, &str); 4] = [
    ("does_dissolve", "dissolves"),
    ("does_dip_to_black", "fades through black"),
    ("does_dip_to_white", "fades through white"),
    ("does_wipe", "wipes"),
];

/// How long films are, and of which shape.
fn shape_sentence(habits: &Habits) -> Option<String> {
    let length = habits.length.map(|seconds| format!("{seconds:.0} s long"));
    let shape = habits
        .aspect
        .map(|(width, height)| format!("{width}:{height}"));
    let parts: Vec<String> = length.into_iter().chain(shape).collect();
    let films = habits.films;
    (!parts.is_empty()).then(|| format!("Most films: {} ({films} films).", parts.join(", ")))
}

/// From how near people are shown.
fn people_sentence(posts: &[&ChoiceThing]) -> Option<String> {
    let near = values(posts, "is_near");
    if near.len() < FEWEST {
        return None;
    }
    let size = match median(&near)? {
        near if near < MEDIUM_SHOT => "mostly in long shots",
        near if near < CLOSE_UP => "mostly in medium shots",
        _ => "mostly in close-ups",
    };
    let mut sentence = format!("People: {size}");
    // The mean over all posts: of many that show nobody, the median is none.
    let peopled = values(posts, "is_peopled");
    if !peopled.is_empty() {
        let share = peopled.iter().sum::<f64>() / peopled.len() as f64;
        sentence += &format!(", in {:.0} % of what is shown", 100.0 * share);
    }
    Some(format!("{sentence} ({} posts).", near.len()))
}

/// Whether what is said is captioned.
fn caption_sentence(films: &[&ChoiceThing]) -> Option<String> {
    if films.len() < FEWEST {
        return None;
    }
    let captioned = films.iter().filter(|film| {
        film.features
            .get("does_caption")
            .is_some_and(|it| *it > 0.5)
    });
    Some(format!(
        "Captions: in {} of {} films in which somebody speaks.",
        captioned.count(),
        films.len()
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn things(features: &[(&str, f64)]) -> Vec<ChoiceThing> {
        let features = features
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        vec![ChoiceThing::new(None, features.collect()); 3]
    }

    #[test]
    fn nobody_is_said_to_be_warmer_by_more_kelvin_than_light_has() {
        let sentence = |warmth| {
            let posts = things(&[("does_warmth", warmth)]);
            look_sentence(&posts.iter().collect::<Vec<_>>()).unwrap()
        };
        assert!(sentence(0.9).contains("much warmer than most (by more than 1000 K)"));
        assert!(sentence(-0.9).contains("much cooler than most (by more than 1000 K)"));
        let some = sentence(-0.12);
        assert!(
            some.contains("cooler than most by ") && some.contains(" K"),
            "{some}"
        );
    }

    #[test]
    fn transitions_captions_and_shot_sizes_are_said_in_words() {
        let of = |features: &[(&str, f64)], say: fn(&[&ChoiceThing]) -> Option<String>| {
            let things = things(features);
            say(&things.iter().collect::<Vec<_>>()).unwrap()
        };
        let soft = [("does_cut", 0.75), ("does_dissolve", 0.25)];
        let said = of(&soft, transition_sentence);
        assert_eq!(
            said,
            "Transitions: dissolves at 25 % of the cuts (3 films)."
        );
        let hard = of(&[("does_cut", 1.0)], transition_sentence);
        assert_eq!(hard, "Transitions: never dissolves (3 films).");
        let near = of(&[("is_near", 0.8), ("is_peopled", 0.5)], people_sentence);
        assert_eq!(
            near,
            "People: mostly in close-ups, in 50 % of what is shown (3 posts)."
        );
        let captions = of(&[("does_caption", 1.0)], caption_sentence);
        assert_eq!(
            captions,
            "Captions: in 3 of 3 films in which somebody speaks."
        );
        let cut = [
            ("does_cut_often", 0.5),
            ("is_beats_long", 0.5),
            ("does_speed_up", 0.3),
        ];
        let cut = of(&cut, pace_sentence);
        assert_eq!(
            cut,
            "Films: cuts every 2.0 s, about every 4 beats, faster towards the end (3 films)."
        );
    }
}
