//! Scene words (`beach`, `night`, `sunset`, `food`, …), best first.
//!
//! They come from three sources: the classes and objects of networks ([`imagenet_scene_classes`]), measurements of
//! areas and light ([`scene_areas`](super::scene_areas), `add_measured`), and a linear head that was fitted on tagged
//! photos. The score of a word, 0..1, is the highest that any source gives it; words below [`SHOWN`] are left out.
//! Measured areas count fully only where the networks see no indoor scene and no close face: a blue wall is not sky.
//! Words for light and color, such as `golden`, are mood words: [`light_and_color_words`].
//!
//! [`imagenet_scene_classes`]: super::imagenet_scene_classes
//! [`light_and_color_words`]: super::light_and_color_words

use super::imagenet_scene_classes::{SCENE_WORDS, evidence};
use super::scene_areas::SceneAreas;
use super::tone::Tone;
use crate::analysis::ramp::ramp;
use crate::analysis::{Face, LabelScore, ObjectFact};
use crate::time::rounded;

/// Words with a lower score are left out.
const SHOWN: f64 = 0.5;
/// Weight of the linear head's probability relative to what was measured or detected.
const HEAD: f64 = 0.9;
/// Median luma from which no picture is of the night by the head alone, and up to which any may be. These and the two
/// below were chosen on the `tune` half of the tagged photos (`scripts/measure-scene-words`); values nearby do as well.
const NIGHT_MEDIAN: (f64, f64) = (0.50, 0.42);
/// Shares of green below which the head's `greenery` counts nothing, and from which it counts fully.
const GREEN_AREA: (f64, f64) = (0.002, 0.01);
/// The same of glowing areas for `sunset`.
const GLOW_AREA: (f64, f64) = (0.01, 0.03);
/// Highest score of `outdoor`, so that it ranks below more specific words.
const MOST_OUTDOOR: f64 = 0.5;
/// Most words of a picture.
const MOST: usize = 10;
/// Least width of the face in a portrait, as a share of the picture's.
const PORTRAIT_FACE: f64 = 0.18;
/// Object scores that count as 0 and as 1: the detector is right about half of the time at 0.45 and nearly always at
/// 0.75.
const OBJECT_SCORES: (f64, f64) = (0.35, 0.75);
/// Words for animals; a picture usually shows one kind.
const ANIMALS: [&str; 5] = ["dog", "cat", "bird", "insect", "wildlife"];
/// Fewest people of a crowd.
const CROWD: usize = 6;

/// Input of [`scene_words`].
pub(crate) struct SceneEvidence<'a> {
    pub probabilities: &'a [f32],
    /// Words of the linear head and their probabilities.
    pub head: &'a [(&'a str, f64)],
    pub areas: &'a SceneAreas,
    pub tone: &'a Tone,
    pub faces: &'a [Face],
    pub objects: &'a [ObjectFact],
}

/// Scene words with scores, best first.
pub(crate) fn scene_words(evidence: &SceneEvidence<'_>) -> Vec<LabelScore> {
    let objects: Vec<(&str, f64)> = evidence
        .objects
        .iter()
        .map(|object| {
            let sure = ramp(object.score, OBJECT_SCORES.0, OBJECT_SCORES.1);
            (object.label.as_str(), sure)
        })
        .collect();
    let mut words = WordScores::from_networks(evidence.probabilities, &objects);
    add_measured(&mut words, evidence);
    add_people(&mut words, evidence.faces, &objects);
    for &(word, probability) in evidence.head {
        words.raise(word, HEAD * probability * supported(word, evidence));
    }
    words.best()
}

/// How far what is measured allows `word`, 0..1. The head knows a picture by what is in it, and calls portraits `night`
/// and gray facades `greenery`; without darkness, green or a glow there is none.
fn supported(word: &str, evidence: &SceneEvidence<'_>) -> f64 {
    let SceneEvidence { areas, tone, .. } = evidence;
    match word {
        "night" => ramp(tone.median, NIGHT_MEDIAN.0, NIGHT_MEDIAN.1),
        "greenery" => ramp(areas.green, GREEN_AREA.0, GREEN_AREA.1),
        "sunset" => ramp(areas.glow, GLOW_AREA.0, GLOW_AREA.1),
        _ => 1.0,
    }
}

/// Each word with its highest score so far.
struct WordScores<'a>(Vec<(&'a str, f64)>);

impl<'a> WordScores<'a> {
    fn from_networks(probabilities: &[f32], objects: &[(&str, f64)]) -> Self {
        let mut words: Vec<(&str, f64)> = SCENE_WORDS
            .iter()
            .map(|word| (word.word, evidence(word, probabilities, objects)))
            .collect();
        one_animal(&mut words, probabilities);
        Self(words)
    }

    /// The score of a word so far, 0..1.
    fn score(&self, name: &str) -> f64 {
        self.0
            .iter()
            .find(|(word, _)| *word == name)
            .map_or(0.0, |&(_, score)| score)
    }

    fn raise(&mut self, name: &'a str, score: f64) {
        match self.0.iter_mut().find(|(word, _)| *word == name) {
            Some((_, old)) => *old = old.max(score),
            None => self.0.push((name, score)),
        }
    }

    /// The words from [`SHOWN`] on, best first.
    fn best(mut self) -> Vec<LabelScore> {
        self.0.retain(|&(_, score)| score >= SHOWN);
        self.0
            .sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        self.0.truncate(MOST);
        let words = self.0.into_iter();
        words
            .map(|(label, score)| LabelScore {
                label: label.to_owned(),
                score: rounded(score),
            })
            .collect()
    }
}

/// Raises the words that measured areas and light support.
fn add_measured(words: &mut WordScores<'_>, evidence: &SceneEvidence<'_>) {
    let SceneEvidence {
        areas, tone, faces, ..
    } = evidence;
    let largest_face = faces
        .iter()
        .map(|face| face.bounds.width)
        .fold(0.0, f64::max);
    let close = ramp(largest_face, 0.08, 0.30);
    let indoor = words.score("indoor");
    let nature = ["landscape", "mountain", "sea", "beach", "lake"]
        .iter()
        .map(|word| words.score(word))
        .fold(0.0, f64::max);
    let built = words.score("building").max(words.score("city"));
    let food = words.score("food").max(words.score("drink"));
    let open = (1.0 - indoor) * (1.0 - 0.7 * close) * (1.0 - 0.6 * food);

    // A blue area at the top is sky by itself; a grey or glowing one needs an outdoor scene as well.
    let outside = (0.25 + nature + built).min(1.0);
    let sky = open * ramp(areas.blue_sky, 0.06, 0.22).max(ramp(areas.sky, 0.12, 0.35) * outside);
    words.raise("sky", sky);
    let greenery = ramp(areas.green, 0.12, 0.40) * (0.4 + 0.6 * open);
    words.raise("greenery", greenery);
    let snow = ramp(areas.white_ground, 0.15, 0.35) * open * nature.max(words.score("snow"));
    words.raise("snow", snow);
    words.raise("dark", ramp(tone.luma, 0.26, 0.13));
    // Night is mostly dark, with lights in it.
    let lit = ramp(tone.highlights - tone.median, 0.12, 0.40);
    let green = words.score("greenery");
    let night = ramp(tone.median, 0.34, 0.16)
        * (0.35 + 0.65 * lit)
        * (0.45
            + 0.55 * (nature + built + words.score("bridge") + words.score("concert")).min(1.0));
    words.raise(
        "night",
        night
            * (1.0 - 0.7 * close)
            * (1.0 - 0.6 * indoor)
            * (1.0 - 0.8 * food)
            * (1.0 - 0.8 * green),
    );
    // A glow alone may be a red plate or a fire; a sunset needs sky or a landscape as well.
    let sunset = ramp(areas.glow, 0.04, 0.25) * nature.max(sky) * (1.0 - 0.5 * built) * open;
    words.raise("sunset", sunset);
    words.raise("monochrome", ramp(areas.tint_spread, 0.013, 0.005));
    words.raise("graphic", ramp(areas.flat, 0.45, 0.75));
    words.raise(
        "outdoor",
        (open * nature.max(0.9 * built).max(sky).max(snow).max(sunset)).min(MOST_OUTDOOR),
    );
}

/// Lowers the detector's animal where the classifier is sure of another one: the detector knows ten animals and calls a
/// hare a dog; the classifier knows four hundred.
fn one_animal(words: &mut [(&str, f64)], probabilities: &[f32]) {
    let by_class: Vec<(&str, f64)> = SCENE_WORDS
        .iter()
        .filter(|word| ANIMALS.contains(&word.word))
        .map(|word| (word.word, evidence(word, probabilities, &[])))
        .collect();
    for (word, score) in words.iter_mut() {
        let Some(&(_, own)) = by_class.iter().find(|(name, _)| name == word) else {
            continue;
        };
        let other = by_class
            .iter()
            .filter(|(name, _)| name != word)
            .map(|&(_, other)| other)
            .fold(0.0, f64::max);
        *score = score.min(own.max(*score * (1.0 - other)));
    }
}

/// Adds the words for people: `people`, `portrait`, `group`, `crowd`.
fn add_people(words: &mut WordScores<'_>, faces: &[Face], objects: &[(&str, f64)]) {
    let best_face = faces.iter().map(|face| face.score).fold(0.0, f64::max);
    let persons: Vec<f64> = objects
        .iter()
        .filter(|(label, _)| *label == "person")
        .map(|&(_, score)| score)
        .collect();
    let best_person = persons.iter().copied().fold(0.0, f64::max);
    let sure = best_face.max(best_person);
    words.0.push(("people", sure));
    let large: Vec<&Face> = faces
        .iter()
        .filter(|face| face.bounds.width >= PORTRAIT_FACE)
        .collect();
    if large.len() == 1 && faces.len() <= 2 {
        let sure = large.iter().map(|face| face.score).fold(0.0, f64::max);
        words.0.push(("portrait", sure));
    }
    let many = faces.len().max(persons.len());
    if (2..CROWD).contains(&many) {
        words.0.push(("group", sure));
    }
    if many >= CROWD {
        words.0.push(("crowd", sure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words for a picture of which the head says `word` and nothing else is known but areas and tone.
    fn words(word: &str, areas: SceneAreas, median: f64) -> Vec<String> {
        let tone = Tone {
            median,
            luma: median,
            ..Tone::default()
        };
        let colored = SceneAreas {
            tint_spread: 0.1,
            ..areas
        };
        let words = scene_words(&SceneEvidence {
            probabilities: &[],
            head: &[(word, 0.95)],
            areas: &colored,
            tone: &tone,
            faces: &[],
            objects: &[],
        });
        words.into_iter().map(|word| word.label).collect()
    }

    #[test]
    fn the_head_is_not_believed_against_the_light() {
        let none = SceneAreas::default;
        let green = |green| SceneAreas { green, ..none() };
        let glow = |glow| SceneAreas { glow, ..none() };
        for (word, fitting, other) in [
            ("night", (none(), 0.3), (none(), 0.6)),
            ("greenery", (green(0.02), 0.6), (green(0.0), 0.6)),
            ("sunset", (glow(0.04), 0.6), (glow(0.0), 0.6)),
        ] {
            assert_eq!(words(word, fitting.0, fitting.1), [word]);
            assert!(words(word, other.0, other.1).is_empty(), "{word}");
        }
        assert_eq!(words("food", none(), 0.6), ["food"]);
    }
}
