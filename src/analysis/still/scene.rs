//! Scene words: what networks see, joined with plain measurements of areas and light.
//!
//! Measured areas (sky, greenery, snow, sunset) count fully only where the networks do not speak of an indoor scene or a
//! close face: a blue wall is no sky. Each word carries a score 0..1; those from [`SHOWN`] on are given, best first.

use crate::analysis::still::color::{Tone, luma8, oklab};
use crate::analysis::still::labels::{SCENE_WORDS, evidence};
use crate::analysis::still::ramp;
use crate::analysis::{Face, LabelScore, ObjectFact};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Words below this are not given.
const SHOWN: f64 = 0.25;
/// Most words that are given.
const MOST: usize = 10;
/// Face width (share of the picture's) from which a picture is a portrait.
const PORTRAIT_FACE: f64 = 0.12;
/// People that make a crowd.
const CROWD: usize = 6;

/// Shares of the picture, measured on the reduced copy.
#[derive(Debug, Clone, Default)]
pub(crate) struct Areas {
    /// Connected to the top edge, smooth and blue, grey or bright.
    pub sky: f64,
    /// Of that, clearly blue.
    pub blue_sky: f64,
    /// Green.
    pub green: f64,
    /// Bright and nearly colorless in the lower half.
    pub white_ground: f64,
    /// Glowing yellow to red in the upper two thirds.
    pub glow: f64,
    /// Very bright spots in a dark picture.
    pub lights: f64,
    /// Pixels that equal their right neighbor exactly.
    pub flat: f64,
    /// Standard deviation of Oklab hue direction: 0 for a picture of one tint.
    pub tint_spread: f64,
}

/// Everything the words come from.
pub(crate) struct Evidence<'a> {
    pub probabilities: &'a [f32],
    pub areas: &'a Areas,
    pub tone: &'a Tone,
    pub faces: &'a [Face],
    pub objects: &'a [ObjectFact],
}

pub(crate) fn measure_areas(small: &Rgb8) -> Areas {
    let (width, height) = (small.width(), small.height());
    let count = (width * height) as f64;
    let (mut green, mut white, mut glow, mut lights, mut flat) = (0.0, 0.0, 0.0, 0.0, 0.0);
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
            if light > 0.50 && chroma > 0.085 && b > 0.02 && a > -0.015 && y * 3 < height * 2 {
                glow += 1.0;
            }
            if luma8(pixel) > 190 {
                lights += 1.0;
            }
            if x + 1 < width && pixel == small.pixel(x + 1, y) {
                flat += 1.0;
            }
        }
    }
    let (mean_a, mean_b) = (sum_a / count, sum_b / count);
    let (sky, blue_sky) = measure_sky(small);
    Areas {
        sky,
        blue_sky,
        green: green / count,
        white_ground: white / count,
        glow: glow / count,
        lights: lights / count,
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
pub(crate) fn words(evidence_of: &Evidence<'_>) -> Vec<LabelScore> {
    let Evidence {
        probabilities,
        areas,
        tone,
        faces,
        objects,
    } = evidence_of;
    let seen: Vec<(&str, f64)> = objects
        .iter()
        .map(|object| (object.label.as_str(), object.score))
        .collect();
    let mut found: Vec<(&str, f64)> = SCENE_WORDS
        .iter()
        .map(|word| (word.word, evidence(word, probabilities, &seen)))
        .collect();
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
    let dark = ramp(tone.luma, 0.26, 0.13);
    let lit = ramp(tone.highlights - tone.median, 0.15, 0.45).max(ramp(areas.lights, 0.0, 0.02));
    raise(&mut found, "dark", dark);
    raise(
        &mut found,
        "night",
        dark * (0.45 + 0.55 * lit)
            * (1.0 - 0.6 * close)
            * (1.0 - 0.5 * indoor)
            * (1.0 - 0.6 * food),
    );
    let sunset = ramp(areas.glow, 0.05, 0.25)
        * ramp(areas.sky, 0.05, 0.20)
        * ramp(tone.warmth, 0.05, 0.35)
        * open;
    raise(&mut found, "sunset", sunset);
    raise(
        &mut found,
        "monochrome",
        ramp(areas.tint_spread, 0.016, 0.006),
    );
    raise(
        &mut found,
        "fog",
        fog(tone, areas) * open * (0.3 + nature + built).min(1.0),
    );
    raise(&mut found, "graphic", ramp(areas.flat, 0.45, 0.75));
    raise(
        &mut found,
        "outdoor",
        open * nature.max(0.9 * built).max(sky).max(snow).max(sunset),
    );

    people(&mut found, faces, &seen, raise);

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

/// A veil of grey: light, flat, colorless, without true black.
fn fog(tone: &Tone, areas: &Areas) -> f64 {
    ramp(tone.contrast, 0.17, 0.10)
        * ramp(tone.saturation, 0.25, 0.12)
        * ramp(tone.luma, 0.35, 0.50)
        * ramp(areas.sky, 0.05, 0.20)
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
    raise(&mut words, "people", best_face.max(best_person * 0.95));
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
