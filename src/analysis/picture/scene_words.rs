//! Scene words: what networks see, joined with plain measurements of areas and light, and with a linear head that was
//! fitted on tagged photos. Each word gets the most that any of them gives it.
//!
//! Measured areas (sky, greenery, snow, sunset) count fully only where the networks do not speak of an indoor scene or a
//! close face: a blue wall is no sky. Each word carries a score 0..1; those from [`SHOWN`] on are given, best first.

use crate::analysis::picture::color::{Tone, luma8, oklab};
use crate::analysis::picture::ramp;
use crate::analysis::picture::scene_word_table::{SCENE_WORDS, evidence};
use crate::analysis::{Face, LabelScore, ObjectFact};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Words below this are not given.
const SHOWN: f64 = 0.5;
/// What the head's probability counts for beside what was measured or detected.
const HEAD: f64 = 0.9;
/// `outdoor` says little where a more particular word stands beside it, and comes after that.
const MOST_OUTDOOR: f64 = 0.5;
/// Most words that are given.
const MOST: usize = 10;
/// Face width (share of the picture's) from which a picture is a portrait.
const PORTRAIT_FACE: f64 = 0.18;
/// Scores of objects that say nothing and that are certain.
const SEEN: (f64, f64) = (0.35, 0.75);
/// Words for animals, of which a picture usually shows one kind.
const ANIMALS: [&str; 5] = ["dog", "cat", "bird", "insect", "wildlife"];
/// People that make a crowd.
const CROWD: usize = 6;

/// Shares of the picture, measured on the reduced copy.
#[derive(Debug, Clone, Default)]
pub(crate) struct SceneAreas {
    /// Connected to the top edge, smooth and blue, grey or bright.
    pub sky: f64,
    /// Of that, clearly blue.
    pub blue_sky: f64,
    /// Green.
    pub green: f64,
    /// Bright and nearly colorless in the lower half.
    pub white_ground: f64,
    /// Yellow over red to purple, not dark, in the upper two thirds.
    pub glow: f64,
    /// Pixels that equal their right neighbor exactly.
    pub flat: f64,
    /// Standard deviation of Oklab hue direction: 0 for a picture of one tint.
    pub tint_spread: f64,
}

/// Everything the words come from.
pub(crate) struct SceneEvidence<'a> {
    pub probabilities: &'a [f32],
    /// Words of the linear head and their probabilities.
    pub head: &'a [(&'a str, f64)],
    pub areas: &'a SceneAreas,
    pub tone: &'a Tone,
    pub faces: &'a [Face],
    pub objects: &'a [ObjectFact],
}

pub(crate) fn measure_areas(small: &Rgb8) -> SceneAreas {
    let (width, height) = (small.width(), small.height());
    let count = (width * height) as f64;
    let (mut green, mut white, mut glow, mut flat) = (0.0, 0.0, 0.0, 0.0);
    let (mut sum_a, mut sum_b, mut squares) = (0.0, 0.0, 0.0);
    for y in 0..height {
        for x in 0..width {
            let pixel = small.pixel(x, y);
            let [light, a, b] = oklab(pixel).map(f64::from);
            let chroma = (a * a + b * b).sqrt();
            sum_a += a;
            sum_b += b;
            squares += a * a + b * b;
            // Hue 105° to 160° without trigonometry: a is negative, b positive, a not much stronger than b.
            if chroma > 0.045 && a < -0.26 * b && b > -0.36 * a {
                green += 1.0;
            }
            if light > 0.82 && chroma < 0.035 && y * 2 > height {
                white += 1.0;
            }
            if light > 0.35 && chroma > 0.05 && b > -0.03 && a > 0.0 && y * 3 < height * 2 {
                glow += 1.0;
            }
            if x + 1 < width && pixel == small.pixel(x + 1, y) {
                flat += 1.0;
            }
        }
    }
    let (mean_a, mean_b) = (sum_a / count, sum_b / count);
    let (sky, blue_sky) = measure_sky(small);
    SceneAreas {
        sky,
        blue_sky,
        green: green / count,
        white_ground: white / count,
        glow: glow / count,
        flat: flat / count,
        tint_spread: (squares / count - mean_a * mean_a - mean_b * mean_b)
            .max(0.0)
            .sqrt(),
    }
}

/// Goes down each column from the top while it stays smooth and colored like a sky; shares of the picture.
fn measure_sky(small: &Rgb8) -> (f64, f64) {
    let (width, height) = (small.width(), small.height());
    let (mut sky, mut blue) = (0_u64, 0_u64);
    for x in 0..width {
        let mut above = None;
        for y in 0..height {
            let pixel = small.pixel(x, y);
            let [light, a, b] = oklab(pixel).map(f64::from);
            let chroma = (a * a + b * b).sqrt();
            let is_blue = b < -0.018 && a < 0.03 && light > 0.35;
            let is_cloud = light > 0.62 && chroma < 0.045;
            let is_glow = light > 0.5 && b > 0.0 && a > -0.02 && chroma > 0.03;
            let luma = i32::from(luma8(pixel));
            let smooth = above.is_none_or(|above: i32| (luma - above).abs() <= 14);
            if !smooth || !(is_blue || is_cloud || is_glow) {
                break;
            }
            above = Some(luma);
            sky += 1;
            blue += u64::from(is_blue);
        }
    }
    let count = (width * height).max(1) as f64;
    (sky as f64 / count, blue as f64 / count)
}

/// Scene words with scores, best first.
pub(crate) fn words(evidence_of: &SceneEvidence<'_>) -> Vec<LabelScore> {
    let SceneEvidence {
        probabilities,
        head,
        areas,
        tone,
        faces,
        objects,
    } = evidence_of;
    // The detector is right in about half of the cases at 0.45 and nearly always at 0.75.
    let seen: Vec<(&str, f64)> = objects
        .iter()
        .map(|object| (object.label.as_str(), ramp(object.score, SEEN.0, SEEN.1)))
        .collect();
    let mut found: Vec<(&str, f64)> = SCENE_WORDS
        .iter()
        .map(|word| (word.word, evidence(word, probabilities, &seen)))
        .collect();
    one_animal(&mut found, probabilities);
    let told = |found: &[(&str, f64)], name: &str| {
        found
            .iter()
            .find(|(word, _)| *word == name)
            .map_or(0.0, |&(_, score)| score)
    };
    let raise = |found: &mut Vec<(&str, f64)>, name: &'static str, score: f64| match found
        .iter_mut()
        .find(|(word, _)| *word == name)
    {
        Some((_, old)) => *old = old.max(score),
        None => found.push((name, score)),
    };

    let largest_face = faces
        .iter()
        .map(|face| face.bounds.width)
        .fold(0.0, f64::max);
    let close = ramp(largest_face, 0.08, 0.30);
    let indoor = told(&found, "indoor");
    let nature = ["landscape", "mountain", "sea", "beach", "lake"]
        .iter()
        .map(|word| told(&found, word))
        .fold(0.0, f64::max);
    let built = told(&found, "building").max(told(&found, "city"));
    let food = told(&found, "food").max(told(&found, "drink"));
    let open = (1.0 - indoor) * (1.0 - 0.7 * close) * (1.0 - 0.6 * food);

    // Blue reaching down from the top tells a sky by itself; grey and glowing ones need an outdoor scene beside them.
    let outside = (0.25 + nature + built).min(1.0);
    let sky = open * ramp(areas.blue_sky, 0.06, 0.22).max(ramp(areas.sky, 0.12, 0.35) * outside);
    raise(&mut found, "sky", sky);
    raise(
        &mut found,
        "greenery",
        ramp(areas.green, 0.12, 0.40) * (0.4 + 0.6 * open),
    );
    let snow = ramp(areas.white_ground, 0.15, 0.35) * open * nature.max(told(&found, "snow"));
    raise(&mut found, "snow", snow);
    raise(&mut found, "dark", ramp(tone.luma, 0.26, 0.13));
    // Night is dark for the most part, with lights in it.
    let lit = ramp(tone.highlights - tone.median, 0.12, 0.40);
    let green = told(&found, "greenery");
    let night = ramp(tone.median, 0.34, 0.16)
        * (0.35 + 0.65 * lit)
        * (0.45
            + 0.55 * (nature + built + told(&found, "bridge") + told(&found, "concert")).min(1.0));
    raise(
        &mut found,
        "night",
        night
            * (1.0 - 0.7 * close)
            * (1.0 - 0.6 * indoor)
            * (1.0 - 0.8 * food)
            * (1.0 - 0.8 * green),
    );
    // Glow alone is a red plate or a fire: a sunset has a sky or a landscape to it.
    let sunset = ramp(areas.glow, 0.04, 0.25) * nature.max(sky) * (1.0 - 0.5 * built) * open;
    raise(&mut found, "sunset", sunset);
    raise(
        &mut found,
        "monochrome",
        ramp(areas.tint_spread, 0.013, 0.005),
    );
    raise(&mut found, "graphic", ramp(areas.flat, 0.45, 0.75));
    raise(
        &mut found,
        "outdoor",
        (open * nature.max(0.9 * built).max(sky).max(snow).max(sunset)).min(MOST_OUTDOOR),
    );
    people(&mut found, faces, &seen, raise);

    for &(word, probability) in *head {
        match found.iter_mut().find(|(name, _)| *name == word) {
            Some((_, score)) => *score = score.max(HEAD * probability),
            None => found.push((word, HEAD * probability)),
        }
    }

    found.retain(|&(_, score)| score >= SHOWN);
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    found.truncate(MOST);
    found
        .into_iter()
        .map(|(label, score)| LabelScore {
            label: label.to_owned(),
            score: rounded(score),
        })
        .collect()
}

/// The detector knows ten animals and calls a hare a dog; the classifier knows four hundred. Where the classifier is sure
/// of another animal, the detector's is taken back.
fn one_animal(found: &mut [(&str, f64)], probabilities: &[f32]) {
    let by_class: Vec<(&str, f64)> = SCENE_WORDS
        .iter()
        .filter(|word| ANIMALS.contains(&word.word))
        .map(|word| (word.word, evidence(word, probabilities, &[])))
        .collect();
    for (word, score) in found.iter_mut() {
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

fn people(
    found: &mut Vec<(&str, f64)>,
    faces: &[Face],
    seen: &[(&str, f64)],
    raise: impl Fn(&mut Vec<(&'static str, f64)>, &'static str, f64),
) {
    let mut words: Vec<(&'static str, f64)> = Vec::new();
    let best_face = faces.iter().map(|face| face.score).fold(0.0, f64::max);
    let persons: Vec<f64> = seen
        .iter()
        .filter(|(label, _)| *label == "person")
        .map(|&(_, score)| score)
        .collect();
    let best_person = persons.iter().copied().fold(0.0, f64::max);
    raise(&mut words, "people", best_face.max(best_person));
    let large: Vec<&Face> = faces
        .iter()
        .filter(|face| face.bounds.width >= PORTRAIT_FACE)
        .collect();
    let sure = large.iter().map(|face| face.score).fold(0.0, f64::max);
    if large.len() == 1 && faces.len() <= 2 {
        raise(&mut words, "portrait", sure);
    }
    let many = faces.len().max(persons.len());
    if (2..CROWD).contains(&many) {
        raise(&mut words, "group", best_face.max(best_person));
    }
    if many >= CROWD {
        raise(&mut words, "crowd", best_face.max(best_person));
    }
    found.extend(words);
}
