//! Automatic correction of exposure, white balance and contrast, with reasons.
//!
//! A small network ([`network`]) estimates the error of exposure and the color cast from statistics of the reduced
//! picture ([`statistics`]). It was fitted to answer nothing for ambiguous pictures, and corrections that would hardly
//! be visible are dropped: pictures are dark, bright or colored on purpose more often than by mistake. The result are
//! ordinary steps. Contrast is added only to pictures that have neither black nor white once their light is right, as
//! through haze or glass, and then only in part: no measurement can separate a fault from an intention with certainty.

mod even;
mod network;
mod statistics;
mod weights;

pub(super) use even::even_steps;
pub(super) use statistics::reduced;

use serde::Serialize;

use crate::choice::Reason;
use crate::looks::color::{Triple, decode, encode, smooth_step};
use crate::looks::steps::white_balance::white_balance_gains;
use crate::looks::steps::{Exposure, Levels, LookStep, ToneCurve, WhiteBalance};
use crate::picture::Rgb8;

/// CIEDE2000 of a medium color for one stop of light, of warmth and of green; the fit uses the same.
const VISIBLE: Triple = [10.0, 18.0, 18.0];
/// CIEDE2000 from which a correction starts …
const GATE: f64 = 7.5;
/// … and from which it acts in full.
const FULL: f64 = 10.1;
/// Standard deviation of light, in stops, below which a picture shows nothing.
const FLAT: f64 = 0.15;
/// Standard deviation of color, in stops, below which a picture is black and white.
const GRAY: f64 = 0.02;
/// Greatest value of a `white_balance` step, in percent.
const MOST_PERCENT: f64 = 100.0;
/// Most `white_balance` steps in a row; a single one reaches 60 mired.
const MOST_STEPS: u32 = 3;

/// Used share of the range below which a picture gets contrast, and at which it gets the most.
const RANGE: (f64, f64) = (0.55, 0.40);
/// Greatest share of the distance to black and to white that contrast covers.
const PART: f64 = 0.6;
/// Greatest increase of the slope by contrast.
const MOST_SLOPE: f64 = 1.5;

/// The correction of light and color that a picture needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Correction {
    /// Light to add, −4..4 stops; 0 if it is right.
    pub stops: f64,
    /// −300..300, in the unit of a `white_balance` step; positive makes the picture warmer.
    pub temperature: f64,
    /// −300..300, in the unit of a `white_balance` step; positive makes it more magenta.
    pub tint: f64,
    /// The value that becomes black once the light is right, 0..0.4; 0 if there is enough contrast.
    pub black_point: f64,
    /// The value that becomes white, 0.6..1; 1 if there is enough contrast.
    pub white_point: f64,
    /// Share of pixels clipped to white, 0..1. They stay white when light is reduced.
    pub clipped: f64,
    /// The display value at which the brightest twentieth of the picture begins, 0..1; 0 if nothing was measured.
    pub bright: f64,
    /// The display value at which the darkest two hundredth of the picture ends, 0..1.
    pub dark: f64,
    /// The findings, or the reason why nothing is corrected: strongest first, never empty. Weights are 0..1.
    pub reasons: Vec<Reason>,
}

impl Correction {
    /// The correction that changes nothing.
    pub fn none() -> Self {
        Self {
            stops: 0.0,
            temperature: 0.0,
            tint: 0.0,
            black_point: 0.0,
            white_point: 1.0,
            clipped: 0.0,
            bright: 0.0,
            dark: 0.0,
            reasons: vec![Reason::new(
                "well_exposed",
                0.0,
                "Light and color are right, or may be intended.",
            )],
        }
    }

    /// Measures a picture in sRGB. It is reduced to 128 pixels on the longer side.
    pub fn measure(picture: &Rgb8) -> Self {
        let picture = statistics::PictureStatistics::measure(picture);
        if picture.spread < FLAT {
            return Self {
                bright: picture.bright,
                dark: picture.ends[0],
                reasons: vec![Reason::new(
                    "nothing_to_measure",
                    0.0,
                    "The picture shows too little to measure its light.",
                )],
                ..Self::none()
            };
        }
        Self::of_light(&picture).with_contrast(picture.ends)
    }

    /// The correction of light and color only.
    fn of_light(picture: &statistics::PictureStatistics) -> Self {
        let mut answer = weights::NETWORK.answer(&picture.statistics);
        if picture.color < GRAY {
            (answer[1], answer[2]) = (0.0, 0.0);
        }
        let size = visible(answer);
        let share = ((size - GATE) / (FULL - GATE)).clamp(0.0, 1.0);
        if share <= 0.0 {
            return Self {
                bright: picture.bright,
                dark: picture.ends[0],
                ..Self::none()
            };
        }
        Self {
            bright: picture.bright,
            dark: picture.ends[0],
            ..Self::against(answer.map(|value| value * share), picture.clipped)
        }
    }

    /// Adds contrast if the darkest and brightest tones (`ends`, before the light is corrected) leave much of the range
    /// unused.
    fn with_contrast(mut self, ends: [f64; 2]) -> Self {
        let gain = libm::exp2(self.stops);
        let [low, high] = ends.map(|value| encode((decode(value) * gain).min(1.0)));
        // Only for pictures without black and without white: one that has either uses its range on purpose.
        let share = ((high - low - RANGE.0) / (RANGE.1 - RANGE.0)).clamp(0.0, 1.0)
            * smooth_step(0.05, 0.12, low)
            * (1.0 - smooth_step(0.78, 0.88, high));
        let black = PART * share * (low - 0.02).max(0.0);
        let white = 1.0 - PART * share * (0.96 - high).max(0.0);
        let slope = 1.0 / (white - black);
        if slope < 1.02 {
            return self;
        }
        let held = ((1.0 - 1.0 / MOST_SLOPE) / (1.0 - 1.0 / slope)).min(1.0);
        let was_right = self.is_identity();
        self.black_point = (held * black).min(0.4);
        self.white_point = (1.0 - held * (1.0 - white)).max(0.6);
        if was_right {
            self.reasons.clear();
        }
        self.reasons.push(Reason::new(
            "flat",
            (slope.min(MOST_SLOPE) - 1.0).min(1.0),
            format!(
                "The picture uses only {:.0} of 256 levels.",
                (256.0 * (high - low)).max(1.0)
            ),
        ));
        self.reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        self
    }

    /// The correction that adds `light`: stops of light, of warmth (half of red against blue) and of green against
    /// both, to the picture that `measured` is of.
    pub fn giving(light: [f64; 3], measured: &Self) -> Self {
        Self {
            bright: measured.bright,
            dark: measured.dark,
            ..Self::against(light.map(|value| -value), measured.clipped)
        }
    }

    /// The stops of light, of warmth and of green that it adds.
    pub fn light(&self) -> [f64; 3] {
        let gains = balance_gains(self.temperature, self.tint);
        let [warm, green] = axes(gains);
        let luma = [0, 1, 2]
            .map(|channel: usize| crate::looks::color::LUMA[channel] * libm::log2(gains[channel]));
        [self.stops + luma.iter().sum::<f64>(), warm, green]
    }

    /// The correction that undoes `answer`, the stops of light, warmth and green in excess.
    fn against(answer: Triple, clipped: f64) -> Self {
        let [stops, warm, green] = answer;
        let spoiled = gains(stops, warm, green);
        let wanted = spoiled.map(|gain| 1.0 / gain);
        let (temperature, tint) = white_balance(&axes(wanted));
        let balanced = balance_gains(temperature, tint);
        let rest: f64 = [0, 1, 2]
            .iter()
            .map(|channel: &usize| {
                crate::looks::color::LUMA[*channel]
                    * libm::log2(wanted[*channel] / balanced[*channel])
            })
            .sum();
        let corrected = Self {
            stops: rest.clamp(-4.0, 4.0),
            temperature,
            tint,
            clipped,
            reasons: vec![],
            ..Self::none()
        };
        let reasons = corrected.found();
        Self {
            reasons,
            ..corrected
        }
    }

    /// The reasons for what is corrected, strongest first.
    fn found(&self) -> Vec<Reason> {
        let weight = |size: f64| (size / 20.0).min(1.0);
        let mut reasons = vec![];
        if self.stops.abs() >= 0.05 {
            let (code, word) = if self.stops > 0.0 {
                ("underexposed", "dark")
            } else {
                ("overexposed", "bright")
            };
            reasons.push(Reason::new(
                code,
                weight(VISIBLE[0] * self.stops.abs()),
                format!(
                    "The picture looks {:.1} stops too {word}.",
                    self.stops.abs()
                ),
            ));
        }
        let [warm, green] = axes(balance_gains(self.temperature, self.tint));
        if warm != 0.0 || green != 0.0 {
            // The reason names the excess that is removed.
            let (code, word) = if warm.abs() >= green.abs() {
                if warm < 0.0 {
                    ("cast_warm", "warm")
                } else {
                    ("cast_cool", "cool")
                }
            } else if green < 0.0 {
                ("cast_green", "green")
            } else {
                ("cast_magenta", "magenta")
            };
            reasons.push(Reason::new(
                code,
                weight(VISIBLE[1] * (warm * warm + green * green).sqrt()),
                format!("The light of the picture looks too {word}."),
            ));
        }
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        reasons
    }

    /// A share, 0..1, of the correction.
    pub fn scaled(&self, share: f64) -> Self {
        Self {
            stops: self.stops * share,
            temperature: self.temperature * share,
            tint: self.tint * share,
            black_point: self.black_point * share,
            white_point: 1.0 - (1.0 - self.white_point) * share,
            ..self.clone()
        }
    }

    /// [`Self::bright`] once the light has been corrected.
    pub(super) fn bright_after(&self) -> f64 {
        self.tone_after(self.bright)
    }

    /// [`Self::dark`] once the light has been corrected.
    pub(super) fn dark_after(&self) -> f64 {
        self.tone_after(self.dark)
    }

    fn tone_after(&self, tone: f64) -> f64 {
        let lit = if self.stops == 0.0 {
            tone
        } else {
            encode((decode(tone) * libm::exp2(self.stops)).min(1.0))
        };
        ((lit - self.black_point) / (self.white_point - self.black_point)).clamp(0.0, 1.0)
    }

    /// Whether nothing is corrected.
    pub fn is_identity(&self) -> bool {
        self.stops == 0.0 && self.temperature == 0.0 && self.tint == 0.0 && !self.gives_contrast()
    }

    /// Color steps that correct the picture; they go in front of those of a look.
    pub fn steps(&self) -> Vec<LookStep> {
        let mut steps = self.light_steps();
        if self.gives_contrast() {
            steps.push(LookStep::Levels(Levels {
                black_point: self.black_point,
                white_point: self.white_point,
            }));
        }
        steps
    }

    /// Whether it sets levels.
    fn gives_contrast(&self) -> bool {
        self.black_point > 0.0 || self.white_point < 1.0
    }

    /// The steps of light and color only.
    pub(in crate::looks) fn light_steps(&self) -> Vec<LookStep> {
        let mut steps = vec![];
        let parts = parts(self.temperature, self.tint);
        for _ in 0..parts {
            steps.push(LookStep::WhiteBalance(WhiteBalance {
                temperature: self.temperature / f64::from(parts),
                tint: self.tint / f64::from(parts),
            }));
        }
        if self.stops != 0.0 {
            steps.push(LookStep::Exposure(Exposure { stops: self.stops }));
        }
        steps.extend(self.white_kept().map(LookStep::ToneCurve));
        steps
    }

    /// The curve that keeps clipped pixels white after light was reduced.
    fn white_kept(&self) -> Option<ToneCurve> {
        let gain = libm::exp2(self.stops.min(0.0));
        let (white, start) = (encode(gain), encode(0.5 * gain));
        let top = white + (1.0 - white) * smooth_step(0.002, 0.02, self.clipped);
        let below = 0.9 * start;
        (top - white > 0.005 && white - start > 0.02 && start - below > 0.02).then(|| ToneCurve {
            master: vec![[0.0, 0.0], [below, below], [start, start], [white, top]],
            ..ToneCurve::default()
        })
    }
}

/// The approximate CIEDE2000 on a medium color.
fn visible(answer: Triple) -> f64 {
    let [light, warm, green] = [0, 1, 2].map(|place| answer[place] * VISIBLE[place]);
    (light * light + warm * warm + green * green).sqrt()
}

/// The gains of linear RGB for `stops` of light, `warm` of red against blue and `green` against both.
fn gains(stops: f64, warm: f64, green: f64) -> Triple {
    let colored = [warm - green / 3.0, 2.0 * green / 3.0, -warm - green / 3.0].map(libm::exp2);
    let scale = libm::exp2(stops) / crate::looks::color::luma(colored);
    colored.map(|gain| gain * scale)
}

/// Warmth and green of gains, in stops.
fn axes(gains: Triple) -> [f64; 2] {
    let [red, green, blue] = gains.map(libm::log2);
    [(red - blue) / 2.0, green - (red + blue) / 2.0]
}

/// Temperature and tint of the single `white_balance` step closest to multiplying light by `gains`.
pub(super) fn balance_toward(gains: Triple) -> (f64, f64) {
    let (temperature, tint) = white_balance(&axes(gains));
    let one = |value: f64| value.clamp(-MOST_PERCENT, MOST_PERCENT);
    (one(temperature), one(tint))
}

/// The number of `white_balance` steps that it takes.
fn parts(temperature: f64, tint: f64) -> u32 {
    let most = temperature.abs().max(tint.abs());
    if most == 0.0 {
        return 0;
    }
    (1..MOST_STEPS)
        .find(|parts| most <= MOST_PERCENT * f64::from(*parts))
        .unwrap_or(MOST_STEPS)
}

/// The gains of the steps for `temperature` and `tint`.
fn balance_gains(temperature: f64, tint: f64) -> Triple {
    let parts = parts(temperature, tint);
    if parts == 0 {
        return [1.0; 3];
    }
    let count = f64::from(parts);
    white_balance_gains(temperature / count, tint / count).map(|gain| libm::pow(gain, count))
}

/// Temperature and tint whose steps come closest to gains with these axes, found by Newton's method.
fn white_balance(wanted: &[f64; 2]) -> (f64, f64) {
    for parts in 1..=MOST_STEPS {
        let count = f64::from(parts);
        let goal = wanted.map(|value| value / count);
        let (mut temperature, mut tint) = (0.0_f64, 0.0_f64);
        for _ in 0..12 {
            let here = axes(white_balance_gains(temperature, tint));
            let warmer = axes(white_balance_gains(temperature + 0.5, tint));
            let pinker = axes(white_balance_gains(temperature, tint + 0.5));
            let slope = |to: [f64; 2], axis: usize| (to[axis] - here[axis]) / 0.5;
            let (a, b) = (slope(warmer, 0), slope(pinker, 0));
            let (c, d) = (slope(warmer, 1), slope(pinker, 1));
            let (x, y) = (goal[0] - here[0], goal[1] - here[1]);
            let area = a * d - b * c;
            if area.abs() < 1e-12 {
                break;
            }
            temperature = (temperature + (d * x - b * y) / area).clamp(-120.0, 120.0);
            tint = (tint + (a * y - c * x) / area).clamp(-120.0, 120.0);
        }
        if parts == MOST_STEPS || temperature.abs().max(tint.abs()) <= MOST_PERCENT {
            let limit = |value: f64| value.clamp(-MOST_PERCENT, MOST_PERCENT) * count;
            return (limit(temperature), limit(tint));
        }
    }
    (0.0, 0.0)
}

#[cfg(test)]
mod tests;
