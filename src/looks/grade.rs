//! Color steps evaluated on one color, exactly: what the table approximates and what features are measured on.
//!
//! Each step works in the space where it means something: light (linear) for exposure and white balance, Oklab for
//! chroma and hue, display values for curves. A color comes back into the gamut, by losing chroma rather than hue, each
//! time it returns to display values.

use crate::looks::LookStep;
use crate::looks::color::{
    Matrix, Triple, adaptation, chroma, decode, encode, hue, lab_hue_of_wheel, lab_to_light,
    light_to_lab, luma, multiply, sine_cosine, smooth_step, turn,
};
use crate::looks::curve::Curve;
use crate::looks::steps::{ChannelMixer, Contrast, HueRange, SplitTone, ToneCurve, WhiteBalance};

/// Color steps ready to be evaluated.
#[derive(Debug, Clone)]
pub(super) struct Grade {
    operations: Vec<Operation>,
    strength: f64,
}

#[derive(Debug, Clone)]
enum Operation {
    Light {
        matrix: Matrix,
        /// What white becomes, a channel.
        white: Triple,
    },
    Contrast(Contrast),
    Curves(Box<[Curve; 4]>),
    Levels {
        black: f64,
        scale: f64,
    },
    Regions {
        highlights: f64,
        shadows: f64,
    },
    Chroma(f64),
    Vibrance(f64),
    Hues(Vec<PreparedRange>),
    Tint(PreparedTint),
    Mix(Matrix),
}

/// Where a step does its arithmetic.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Display,
    Light,
    Lab,
}

impl Operation {
    fn new(step: &LookStep) -> Option<Self> {
        Some(match step {
            LookStep::Exposure(step) => {
                let gain = libm::exp2(step.stops);
                Self::Light {
                    matrix: [[gain, 0.0, 0.0], [0.0, gain, 0.0], [0.0, 0.0, gain]],
                    white: [gain; 3],
                }
            }
            LookStep::WhiteBalance(step) => white_balance(step),
            LookStep::Contrast(step) => Self::Contrast(step.clone()),
            LookStep::ToneCurve(step) => curves(step),
            LookStep::Levels(step) => Self::Levels {
                black: step.black_point,
                scale: 1.0 / (step.white_point - step.black_point),
            },
            LookStep::HighlightsShadows(step) => Self::Regions {
                highlights: step.highlights / 100.0,
                shadows: step.shadows / 100.0,
            },
            LookStep::Saturation(step) => Self::Chroma(1.0 + step.amount / 100.0),
            LookStep::Vibrance(step) => Self::Vibrance(step.amount / 100.0),
            LookStep::Hsl(step) => Self::Hues(step.ranges.iter().map(PreparedRange::new).collect()),
            LookStep::SplitTone(step) => Self::Tint(PreparedTint::new(step)),
            LookStep::ChannelMixer(ChannelMixer { red, green, blue }) => {
                Self::Mix([*red, *green, *blue])
            }
            LookStep::Monochrome(step) => {
                let sum = step.red + step.green + step.blue;
                let row = [step.red / sum, step.green / sum, step.blue / sum];
                Self::Mix([row; 3])
            }
            LookStep::Fade(step) => {
                let amount = step.amount / 100.0;
                let (black, white) = (0.2 * amount, 1.0 - 0.05 * amount);
                // Levels, the other way round.
                Self::Levels {
                    black: -black / (white - black),
                    scale: white - black,
                }
            }
            LookStep::Clarity(_)
            | LookStep::Sharpen(_)
            | LookStep::SoftFocus(_)
            | LookStep::Bloom(_)
            | LookStep::Vignette(_)
            | LookStep::Grain(_) => return None,
        })
    }

    fn space(&self) -> Space {
        match self {
            Self::Light { .. } => Space::Light,
            Self::Chroma(_) | Self::Vibrance(_) | Self::Hues(_) | Self::Tint(_) => Space::Lab,
            _ => Space::Display,
        }
    }

    fn apply(&self, color: Triple) -> Triple {
        match self {
            Self::Light { matrix, white } => {
                let mut light = multiply(matrix, color);
                for (value, white) in light.iter_mut().zip(white) {
                    *value = shoulder(*value, *white);
                }
                light
            }
            Self::Contrast(step) => color.map(|value| contrast(value, step.amount, step.pivot)),
            Self::Curves(curves) => {
                let [by_luma, red, green, blue] = &**curves;
                let value = luma(color);
                let [r, g, b] = relight(color, value, by_luma.at(value));
                [red.at(r), green.at(g), blue.at(b)]
            }
            Self::Levels { black, scale } => color.map(|value| (value - black) * scale),
            Self::Regions {
                highlights,
                shadows,
            } => {
                let value = luma(color).clamp(0.0, 1.0);
                let rest = 1.0 - value;
                // Bumps of height 0.1 at 1/4 and 3/4; with both at their limits the sum still rises everywhere.
                let lift = 0.948 * (shadows * value * rest * rest * rest)
                    + 0.948 * (highlights * value * value * value * rest);
                relight(color, value, value + lift)
            }
            Self::Chroma(scale) => scale_chroma(color, *scale),
            Self::Vibrance(amount) => {
                let chroma = chroma(color);
                let room = 1.0 - (chroma / 0.3).min(1.0);
                // 1 at skin's own hue, 0 from 45 degrees away.
                let away = turn(SKIN_HUE, hue(color)).abs().min(45.0);
                let (_, cosine) = sine_cosine(away * 4.0);
                let reach = 1.0 - 0.67 * (1.0 + cosine) / 2.0;
                scale_chroma(color, 1.0 + amount * room * reach)
            }
            Self::Hues(ranges) => {
                let (hue, chroma) = (hue(color), chroma(color));
                let (mut turned, mut scale, mut lift) = (0.0, 1.0, 0.0);
                for range in ranges {
                    let weight = range.weight(hue);
                    turned += weight * range.turn;
                    scale *= 1.0 + weight * range.saturation;
                    lift += weight * range.lightness;
                }
                let (sine, cosine) = sine_cosine(turned);
                // Hardly any hue, hardly any change; the ends of the scale keep still.
                let room = smooth_step(0.0, 0.1, chroma) * 4.0 * color[0] * (1.0 - color[0]);
                [
                    color[0] + lift * room.max(0.0),
                    scale * (color[1] * cosine - color[2] * sine),
                    scale * (color[1] * sine + color[2] * cosine),
                ]
            }
            Self::Tint(tint) => tint.apply(color),
            Self::Mix(matrix) => multiply(matrix, color),
        }
    }
}

/// The Oklab hue of skin, of all complexions (they differ in lightness and chroma far more than in hue).
const SKIN_HUE: f64 = 52.0;

fn scale_chroma([lightness, a, b]: Triple, scale: f64) -> Triple {
    [lightness, a * scale, b * scale]
}

/// Leaves the lower half of the light as it is and bends the rest so that `white` lands on 1 (a Möbius curve with the
/// slope of the line it continues).
fn shoulder(light: f64, white: f64) -> f64 {
    const KNEE: f64 = 0.5;
    if white <= 1.0 || light <= KNEE {
        return light;
    }
    let slope = (white - KNEE) / (1.0 - KNEE);
    let t = (light - KNEE) / (white - KNEE);
    KNEE + (1.0 - KNEE) * slope * t / (1.0 + (slope - 1.0) * t)
}

/// Positive amounts: a power curve on either side of the pivot, with the same slope there, through 0 and 1.
/// Negative amounts: a line through the pivot.
fn contrast(value: f64, amount: f64, pivot: f64) -> f64 {
    let amount = amount / 100.0;
    let value = value.clamp(0.0, 1.0);
    if amount <= 0.0 {
        return pivot + (value - pivot) * (1.0 + 0.5 * amount);
    }
    let power = 1.0 + amount;
    if value < pivot {
        pivot * libm::pow(value / pivot, power)
    } else {
        1.0 - (1.0 - pivot) * libm::pow((1.0 - value) / (1.0 - pivot), power)
    }
}

/// Gives `color` another luma; chroma follows, less than in proportion near black.
fn relight(color: Triple, luma: f64, new: f64) -> Triple {
    const TOE: f64 = 0.1;
    let scale = (new + TOE) / (luma.max(0.0) + TOE);
    color.map(|value| new + (value - luma) * scale)
}

fn white_balance(step: &WhiteBalance) -> Operation {
    let matrix = if step.temperature == 0.0 && step.tint == 0.0 {
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    } else {
        adaptation(step.temperature * 0.6, step.tint / 100.0 * 0.02)
    };
    Operation::Light {
        white: multiply(&matrix, [1.0; 3]),
        matrix,
    }
}

fn curves(step: &ToneCurve) -> Operation {
    Operation::Curves(Box::new([
        Curve::new(&step.luma),
        Curve::new(&step.red),
        Curve::new(&step.green),
        Curve::new(&step.blue),
    ]))
}

#[derive(Debug, Clone)]
struct PreparedRange {
    /// Oklab hue.
    center: f64,
    /// Degrees of Oklab hue to either end.
    reach: [f64; 2],
    turn: f64,
    saturation: f64,
    lightness: f64,
}

impl PreparedRange {
    fn new(range: &HueRange) -> Self {
        let center = lab_hue_of_wheel(range.center);
        // The common wheel and Oklab's disagree on distances; ends are looked up, and never too close for a table.
        let below = turn(lab_hue_of_wheel(range.center - range.reach), center);
        let above = turn(center, lab_hue_of_wheel(range.center + range.reach));
        let reach = [below, above].map(|reach| {
            let reach = if reach < 0.0 { reach + 360.0 } else { reach };
            reach.clamp(25.0, 179.0)
        });
        Self {
            center,
            reach,
            turn: range.hue,
            saturation: range.saturation / 100.0,
            lightness: range.lightness / 100.0 * 0.2,
        }
    }

    fn weight(&self, hue: f64) -> f64 {
        let away = turn(self.center, hue);
        let reach = if away < 0.0 {
            self.reach[0]
        } else {
            self.reach[1]
        };
        let (_, cosine) = sine_cosine((away.abs() / reach).min(1.0) * 180.0);
        (1.0 + cosine) / 2.0
    }
}

/// Offsets in Oklab's a and b at full weight.
#[derive(Debug, Clone)]
struct PreparedTint {
    shadow: [f64; 2],
    highlight: [f64; 2],
    /// The lightness where both weigh the same.
    middle: f64,
}

impl PreparedTint {
    fn new(step: &SplitTone) -> Self {
        let offset = |wheel: f64, amount: f64| {
            let (sine, cosine) = sine_cosine(lab_hue_of_wheel(wheel));
            let size = amount / 100.0 * 0.1;
            [size * cosine, size * sine]
        };
        Self {
            shadow: offset(step.shadow_hue, step.shadow_amount),
            highlight: offset(step.highlight_hue, step.highlight_amount),
            middle: 0.55 - 0.25 * step.balance / 100.0,
        }
    }

    fn apply(&self, [lightness, a, b]: Triple) -> Triple {
        let light = smooth_step(self.middle - 0.35, self.middle + 0.35, lightness);
        let shadow = (1.0 - light) * smooth_step(0.0, 0.35, lightness);
        let highlight = light * (1.0 - smooth_step(0.85, 1.0, lightness));
        [
            lightness,
            a + shadow * self.shadow[0] + highlight * self.highlight[0],
            b + shadow * self.shadow[1] + highlight * self.highlight[1],
        ]
    }
}

impl Grade {
    /// Of the color steps among `steps`; `strength` 1 is as written.
    pub(super) fn new(steps: &[LookStep], strength: f64) -> Self {
        let operations = if strength == 0.0 {
            vec![]
        } else {
            steps.iter().filter_map(Operation::new).collect()
        };
        Self {
            operations,
            strength,
        }
    }

    /// True when no color changes.
    pub(super) fn is_identity(&self) -> bool {
        self.operations.is_empty()
    }

    /// What becomes of `color` (display RGB, 0..1).
    pub(super) fn evaluate(&self, color: Triple) -> Triple {
        if self.is_identity() {
            return color;
        }
        let mut space = Space::Display;
        let mut value = color;
        for operation in &self.operations {
            value = convert(value, space, operation.space());
            space = operation.space();
            value = operation.apply(value);
        }
        let new = into_gamut(convert(value, space, Space::Display));
        let blend = |place: usize| {
            (color[place] + self.strength * (new[place] - color[place])).clamp(0.0, 1.0)
        };
        [blend(0), blend(1), blend(2)]
    }
}

fn convert(value: Triple, from: Space, to: Space) -> Triple {
    match (from, to) {
        (Space::Display, Space::Light) => into_gamut(value).map(decode),
        (Space::Display, Space::Lab) => light_to_lab(into_gamut(value).map(decode)),
        (Space::Light, Space::Display) => into_gamut(value.map(encode)),
        (Space::Light, Space::Lab) => light_to_lab(value),
        (Space::Lab, Space::Display) => into_gamut(lab_to_light(value).map(encode)),
        (Space::Lab, Space::Light) => lab_to_light(value),
        (Space::Display, Space::Display)
        | (Space::Light, Space::Light)
        | (Space::Lab, Space::Lab) => value,
    }
}

/// Draws a color toward the gray of its luma until all channels are within 0..1.
fn into_gamut(color: Triple) -> Triple {
    if color.iter().all(|value| (0.0..=1.0).contains(value)) {
        return color;
    }
    let gray = luma(color).clamp(0.0, 1.0);
    let mut share = 1.0_f64;
    for value in color {
        if value > 1.0 {
            share = share.min((1.0 - gray) / (value - gray));
        } else if value < 0.0 {
            share = share.min(gray / (gray - value));
        }
    }
    color.map(|value| (gray + share * (value - gray)).clamp(0.0, 1.0))
}
