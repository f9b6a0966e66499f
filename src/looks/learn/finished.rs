//! Learns a look from finished pictures alone: from what they have in common compared with photographs without a look.
//!
//! Pictures differ far more by content than by finish. So every difference from the reference is shrunk by what chance
//! would give with so few pictures (W. James, C. Stein, "Estimation with quadratic loss", 1961, positive part). Five
//! pictures suffice for lifted blacks, tints and missing color; a subtle look needs more.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::looks::color::{Triple, decode, luma, wheel};
use crate::looks::correction::{Correction, balance_toward, even_steps};
use crate::looks::grade::Grade;
use crate::looks::learn::reference::{DEVIATION, MEAN};
use crate::looks::learn::signature::{COUNT, MARKS, Signature, signature};
use crate::looks::steps::{
    Even, Fade, LookStep, Monochrome, Saturation, SplitTone, ToneCurve, WhiteBalance,
};
use crate::picture::Rgb8;

/// Least pictures; fewer tell about their content, not about the look.
const LEAST_PICTURES: usize = 5;
/// Number of tones, which come first in a signature. The tints of three bands follow, two each, then the chroma.
const TONES: usize = MARKS.len();
/// The index of the chroma, which comes last.
const COLOR: usize = COUNT - 1;
/// The tones through which the curve passes: about as many points as a person would set.
const CURVE: [usize; 7] = [0, 2, 4, 5, 6, 8, 10];
/// The gray in the middle of each band.
const GRAYS: Triple = [0.2, 0.5, 0.8];
/// The index of the tone at which the brightest twentieth begins.
const BRIGHT: usize = 8;
/// Photographs without a look that are assumed beside the pictures when evenness is estimated, as a prior.
const DOUBT: f64 = 2.0;
/// Percent of evening below which no step is added.
const LEAST_EVENED: f64 = 45.0;
/// Tint (of 0..1) below which it is invisible.
const LEAST_TINT: f64 = 0.006;
/// log2 of the chroma below which a picture is black and white.
const NO_COLOR: f64 = -6.0;

/// The prediction error for one picture: the mean distance of its tones and tints, in levels of 255.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FinishedDifference {
    /// Distance from photographs without a look.
    pub before: f64,
    /// Distance from those in the look that was learned on the other pictures.
    pub left_out: f64,
    /// Distance from those in the look that was learned on all.
    pub unexplained: f64,
}

/// A look learned from finished pictures.
#[derive(Debug, Clone)]
pub struct LearnedFinish {
    /// Ordinary steps.
    pub steps: Vec<LookStep>,
    /// One for each picture, in the order given.
    pub differences: Vec<FinishedDifference>,
}

/// Learns from at least five pictures in sRGB.
///
/// Fails with [`Error::Usage`] on fewer.
pub fn learn_finished(pictures: &[Rgb8]) -> Result<LearnedFinish> {
    if pictures.len() < LEAST_PICTURES {
        return Err(Error::Usage {
            what: format!(
                "a look cannot be learned from {} finished pictures",
                pictures.len()
            ),
            hint: Hint::GiveMorePictures {
                least: LEAST_PICTURES,
            },
        });
    }
    let all: Vec<Signature> = pictures.iter().map(signature).collect();
    let steps = fit(&all);
    let differences = all
        .iter()
        .enumerate()
        .map(|(number, own)| {
            let others: Vec<Signature> = all
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number)
                .map(|(_, numbers)| *numbers)
                .collect();
            FinishedDifference {
                before: distance(own, &[]),
                left_out: distance(own, &fit(&others)),
                unexplained: distance(own, &steps),
            }
        })
        .collect();
    Ok(LearnedFinish { steps, differences })
}

/// The numbers at `place` of the signatures that have one.
fn values(all: &[Signature], place: usize) -> Vec<f64> {
    all.iter()
        .filter_map(|numbers| numbers.get(place).copied().flatten())
        .collect()
}

/// The difference of the pictures from the reference in number `place`, shrunk by what chance explains.
fn common(all: &[Signature], place: usize) -> f64 {
    MEAN.get(place)
        .map_or(0.0, |middle| common_from(all, place, *middle))
}

/// Like [`common`], from `middle`.
fn common_from(all: &[Signature], place: usize, middle: f64) -> f64 {
    let values = values(all, place);
    let Some(deviation) = DEVIATION.get(place) else {
        return 0.0;
    };
    let count = values.len() as f64;
    if values.is_empty() {
        return 0.0;
    }
    let found = values.iter().sum::<f64>() / count - middle;
    let chance = deviation * deviation / count;
    found * (1.0 - chance / (found * found).max(1e-12)).max(0.0)
}

fn fit(all: &[Signature]) -> Vec<LookStep> {
    let gray = all
        .iter()
        .all(|numbers| numbers.get(COLOR).copied().flatten().unwrap_or(0.0) < NO_COLOR);
    let mut steps: Vec<LookStep> = evened(all).map(LookStep::Even).into_iter().collect();
    if gray {
        steps.push(LookStep::Monochrome(Monochrome {
            red: 0.2126,
            green: 0.7152,
            blue: 0.0722,
        }));
    }
    let (curve, fade) = tones(all, &lit(&steps));
    if !gray {
        let slope = slope(&curve, &fade);
        let wanted = libm::exp2(common(all, COLOR)) / slope;
        let amount = (100.0 * (wanted - 1.0)).clamp(-80.0, 80.0).round();
        steps.extend(balance(all));
        if common(all, COLOR) != 0.0 && amount.abs() >= 3.0 {
            steps.push(LookStep::Saturation(Saturation { amount }));
        }
    }
    steps.extend(curve.map(LookStep::ToneCurve));
    steps.extend(fade.map(LookStep::Fade));
    if !gray {
        let tint = split(all, &steps);
        steps.extend(tint.map(LookStep::SplitTone));
    }
    steps
}

/// Estimates the `even` step. Evened pictures have bright tones of nearly the same value: the reduction of their
/// variance against photographs without a look gives the amount, and their mean gives the goal.
fn evened(all: &[Signature]) -> Option<Even> {
    let values = values(all, BRIGHT);
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let usual = DEVIATION.get(BRIGHT).map_or(1.0, |one| one * one);
    let varied = (squares + DOUBT * usual) / (count - 1.0 + DOUBT) / usual;
    let amount = (100.0 * (1.0 - varied)).round();
    (amount >= LEAST_EVENED).then(|| Even {
        amount: 0.0,
        bright: Some((100.0 * mean).round().clamp(10.0, 100.0) / 100.0),
        bright_amount: amount,
        dark: None,
        dark_amount: 100.0,
    })
}

/// The reference's tones with the bright ones moved to where `steps` lead; what still differs is the curve's shape.
fn lit(steps: &[LookStep]) -> Vec<f64> {
    let usual = Correction {
        bright: MEAN.get(BRIGHT).copied().unwrap_or(0.0),
        ..Correction::none()
    };
    let whole: Vec<LookStep> = steps
        .iter()
        .filter_map(|step| match step {
            LookStep::Even(even) => Some(LookStep::Even(Even {
                bright_amount: 100.0,
                ..even.clone()
            })),
            _ => None,
        })
        .collect();
    let grade = Grade::new(&even_steps(&whole, &usual), 1.0);
    MEAN.iter()
        .take(TONES)
        .map(|value| luma(grade.evaluate([*value; 3])))
        .collect()
}

/// The curve from the reference's tones, `usual`, to those of the pictures, and the fade after it.
fn tones(all: &[Signature], usual: &[f64]) -> (Option<ToneCurve>, Option<Fade>) {
    let moved: Vec<[f64; 2]> = usual
        .iter()
        .enumerate()
        .filter(|(place, _)| CURVE.contains(place))
        .map(|(place, from)| {
            [
                *from,
                (from + common_from(all, place, *from)).clamp(0.0, 1.0),
            ]
        })
        .collect();
    let (Some(darkest), Some(brightest)) = (moved.first(), moved.last()) else {
        return (None, None);
    };
    let lift = darkest[1] - darkest[0];
    let amount = (500.0 * lift).clamp(0.0, 100.0).round();
    let fade = (amount >= 4.0).then_some(Fade { amount });
    let black = fade.as_ref().map_or(0.0, |fade| 0.002 * fade.amount);
    let white = fade.as_ref().map_or(1.0, |fade| 1.0 - 0.0005 * fade.amount);
    let top = (1.0 + brightest[1] - brightest[0]).clamp(0.85, 1.0);
    let mut points = vec![[0.0, 0.0]];
    for [from, to] in moved.iter().copied().chain([[1.0, top]]) {
        let to = ((to - black) / (white - black)).clamp(0.0, 1.0);
        let Some([last_from, last_to]) = points.last().copied() else {
            continue;
        };
        // Limit the slope to between a fifth and three, so that tones are neither merged nor torn apart.
        let step = from - last_from;
        if step < 0.02 {
            continue;
        }
        let to = to
            .clamp(last_to + 0.2 * step, last_to + 3.0 * step)
            .min(1.0);
        points.push([from, to].map(|value| (1000.0 * value).round() / 1000.0));
    }
    let bent = points.iter().any(|[from, to]| (from - to).abs() >= 0.008);
    let curve = bent.then(|| ToneCurve {
        master: points,
        ..ToneCurve::default()
    });
    (curve, fade)
}

/// The slope of middle tones, by which colors get stronger, too.
fn slope(curve: &Option<ToneCurve>, fade: &Option<Fade>) -> f64 {
    let steps: Vec<LookStep> = curve
        .clone()
        .map(LookStep::ToneCurve)
        .into_iter()
        .chain(fade.clone().map(LookStep::Fade))
        .collect();
    let grade = Grade::new(&steps, 1.0);
    let [low, high] = [0.25, 0.7].map(|gray| luma(grade.evaluate([gray; 3])));
    ((high - low) / 0.45).clamp(0.3, 3.0)
}

/// The common warmth and magenta of the pictures in band 0, 1 or 2.
fn tint(all: &[Signature], band: usize) -> [f64; 2] {
    [0, 1].map(|axis| common(all, TONES + 2 * band + axis))
}

/// Red, green and blue of a tint, without luma.
fn colored([warmth, magenta]: [f64; 2]) -> Triple {
    let rest = 2.0 * magenta / 3.0;
    let color = [warmth / 2.0 + rest / 2.0, -rest, -warmth / 2.0 + rest / 2.0];
    let own = luma(color);
    color.map(|value| value - own)
}

fn size(color: Triple) -> f64 {
    color.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// White balance from the color of the middle tones.
fn balance(all: &[Signature]) -> Option<LookStep> {
    let color = colored(tint(all, 1));
    if size(color) < LEAST_TINT {
        return None;
    }
    let gray = decode(GRAYS[1]);
    let gains = color.map(|value| decode(GRAYS[1] + value) / gray);
    let (temperature, tint) = balance_toward(gains);
    Some(LookStep::WhiteBalance(WhiteBalance {
        temperature: temperature.clamp(-100.0, 100.0).round(),
        tint: tint.clamp(-100.0, 100.0).round(),
    }))
}

/// The split tone for the tints of shadows and highlights that `steps` leave over.
fn split(all: &[Signature], steps: &[LookStep]) -> Option<SplitTone> {
    let grade = Grade::new(steps, 1.0);
    let [shadow, highlight] = [(0, GRAYS[0]), (2, GRAYS[2])].map(|(band, gray)| {
        let given = grade.evaluate([gray; 3]);
        let own = luma(given);
        let wanted = colored(tint(all, band));
        let left = [0, 1, 2].map(|channel: usize| wanted[channel] - (given[channel] - own));
        hue_and_amount(left)
    });
    (shadow.1 > 0.0 || highlight.1 > 0.0).then_some(SplitTone {
        shadow_hue: shadow.0,
        shadow_amount: shadow.1,
        highlight_hue: highlight.0,
        highlight_amount: highlight.1,
        balance: 0.0,
        protect_skin: 40.0,
    })
}

/// The hue nearest to `color`, and the amount of a split tone, in percent, that gives its strength.
fn hue_and_amount(color: Triple) -> (f64, f64) {
    if size(color) < LEAST_TINT {
        return (0.0, 0.0);
    }
    let pure = |hue: f64| {
        let full = wheel(hue);
        let own = luma(full);
        full.map(|value| value - own)
    };
    let along = |hue: f64| {
        let pure = pure(hue);
        let product: f64 = pure.iter().zip(color).map(|(a, b)| a * b).sum();
        product / size(pure)
    };
    let best = (0..72)
        .map(|step| f64::from(5 * step))
        .max_by(|a, b| along(*a).total_cmp(&along(*b)))
        .unwrap_or(0.0);
    let amount = 100.0 * along(best) / (0.2 * size(pure(best)));
    (best, amount.clamp(0.0, 60.0).round())
}

/// Mean distance of a picture's tones and tints from those of the reference in a look, in levels of 255.
fn distance(own: &Signature, steps: &[LookStep]) -> f64 {
    let grade = Grade::new(steps, 1.0);
    let (mut sum, mut count) = (0.0, 0.0_f64);
    let mut add = |found: Option<f64>, foretold: f64| {
        if let Some(found) = found {
            sum += (found - foretold).abs();
            count += 1.0;
        }
    };
    for (found, from) in own.iter().zip(lit(steps)) {
        add(*found, luma(grade.evaluate([from; 3])));
    }
    let tints = own.iter().zip(MEAN).skip(TONES);
    for (number, (found, from)) in tints.take(COUNT - 1 - TONES).enumerate() {
        let gray = GRAYS.get(number / 2).copied().unwrap_or(0.5);
        let [red, green, blue] = grade.evaluate([gray; 3]);
        let given = if number % 2 == 0 {
            red - blue
        } else {
            (red + blue) / 2.0 - green
        };
        add(*found, from + given);
    }
    255.0 * sum / count.max(1.0)
}
