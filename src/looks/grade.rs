//! Color steps evaluated on one color, exactly: what the table approximates and what features are measured on.
//!
//! Each step works where it means something. Exposure and white balance multiply light; curves bend display values a
//! channel; chroma changes at constant Rec. 709 luma; hues turn on the wheel that people know from color pickers. These
//! keep a color in the gamut by what they are rather than by clipping: strong colors slow down before its surface, so
//! that nothing saturated turns into a flat patch, and the functions stay smooth enough for a table.
//!
//! Neighboring steps that act a channel at a time become one sampled curve, which makes evaluating a color cheap:
//! compiling does it tens of thousands of times.

use std::sync::Arc;

use crate::looks::LookStep;
use crate::looks::color::{
    Matrix, Triple, decode, encode, luma, multiply, smooth_step, turn, wheel, white_gains,
};
use crate::looks::curve::Curve;
use crate::looks::lut::Lut;
use crate::looks::mask::{Mask, PointWeight};
use crate::looks::steps::{HueRange, SplitTone};

/// Color steps ready to be evaluated.
#[derive(Debug, Clone)]
pub(super) struct Grade {
    /// In full, before the others.
    first: Vec<Operation>,
    operations: Vec<Operation>,
    strength: f64,
}

#[derive(Debug, Clone)]
enum Operation {
    /// A curve a channel.
    Channels(Box<[Sampled; 3]>),
    /// A curve on all channels that keeps the hue.
    Master(Sampled),
    Saturation(f64),
    Vibrance(f64),
    Hues(Vec<HueRange>),
    Tint(PreparedTint),
    Mix(Matrix),
    Lut(Arc<Lut>),
    /// Some where the color gives them a weight.
    Masked(Vec<Operation>, PointWeight),
}

impl Grade {
    /// Of the color steps among `steps` that act everywhere; `strength` 1 is as written.
    pub(super) fn new(steps: &[LookStep], strength: f64) -> Self {
        Self::with_coverage(steps, strength, 0.0)
    }

    /// The same, where masks that depend on the place count as `coverage` (0..1) of the picture, evenly.
    pub(super) fn with_coverage(steps: &[LookStep], strength: f64, coverage: f64) -> Self {
        let mut operations = vec![];
        for run in steps.chunk_by(|a, b| a.masks() == b.masks()) {
            let masks = run.first().map_or(&[][..], LookStep::masks);
            let carried = coverage > 0.0 || masks.iter().all(Mask::fits_a_table);
            if strength == 0.0 || !carried {
                continue;
            }
            if masks.is_empty() {
                run.iter().for_each(|step| append(&mut operations, step));
                continue;
            }
            let mut own = vec![];
            run.iter()
                .for_each(|step| append(&mut own, step.unmasked()));
            if !own.is_empty() {
                operations.push(Operation::Masked(own, PointWeight::new(masks, coverage)));
            }
        }
        Self {
            first: vec![],
            operations,
            strength,
        }
    }

    /// The same after `steps` that act in full whatever the strength.
    pub(super) fn after(mut self, steps: &[LookStep]) -> Self {
        for step in steps {
            append(&mut self.first, step);
        }
        self
    }

    /// True when no color changes.
    pub(super) fn is_identity(&self) -> bool {
        self.first.is_empty() && self.operations.is_empty()
    }

    /// What becomes of `color` (display RGB, 0..1).
    pub(super) fn evaluate(&self, color: Triple) -> Triple {
        if self.is_identity() {
            return color;
        }
        let run = |operations: &[Operation], color| {
            operations
                .iter()
                .fold(color, |color, operation| operation.apply(color))
        };
        let color = run(&self.first, color);
        let new = run(&self.operations, color);
        let blend = |place: usize| {
            (color[place] + self.strength * (new[place] - color[place])).clamp(0.0, 1.0)
        };
        [blend(0), blend(1), blend(2)]
    }
}

/// Adds what `step` does; texture steps add nothing.
fn append(operations: &mut Vec<Operation>, step: &LookStep) {
    match step {
        LookStep::Exposure(step) => {
            let gain = libm::exp2(step.stops);
            append_curves(operations, |value, _| lit(value, gain));
        }
        LookStep::WhiteBalance(step) => {
            let gains = white_gains(step.temperature * 0.6, step.tint / 100.0 * 0.02);
            append_curves(operations, |value, channel| lit(value, gains[channel]));
        }
        LookStep::Contrast(step) => append_curves(operations, |value, _| {
            contrast(value, step.amount / 100.0, step.pivot)
        }),
        LookStep::ToneCurve(step) => {
            if !step.master.is_empty() {
                let curve = Curve::new(&step.master);
                operations.push(Operation::Master(Sampled::new(|value| curve.at(value))));
            }
            let curves = [&step.red, &step.green, &step.blue];
            if curves.iter().any(|points| !points.is_empty()) {
                let curves = curves.map(|points| Curve::new(points));
                append_curves(operations, |value, channel| curves[channel].at(value));
            }
        }
        LookStep::Levels(step) => {
            let scale = 1.0 / (step.white_point - step.black_point);
            append_curves(operations, |value, _| (value - step.black_point) * scale);
        }
        LookStep::Lut(step) => {
            operations.extend(step.table.clone().map(Operation::Lut));
        }
        LookStep::Fade(step) => {
            let (black, white) = (0.002 * step.amount, 1.0 - 0.0005 * step.amount);
            append_curves(operations, |value, _| black + value * (white - black));
        }
        LookStep::HighlightsShadows(step) => {
            operations.push(Operation::Master(Sampled::new(|value| {
                let rest = 1.0 - value;
                // Bumps of height 0.1 at 1/4 and 3/4; with both at their limits the sum still rises everywhere.
                value
                    + 0.00948 * (step.shadows * value * rest * rest * rest)
                    + 0.00948 * (step.highlights * value * value * value * rest)
            })));
        }
        LookStep::Saturation(step) => {
            operations.push(Operation::Saturation(step.amount / 100.0));
        }
        LookStep::Vibrance(step) => operations.push(Operation::Vibrance(step.amount / 100.0)),
        LookStep::Hsl(step) => {
            operations.push(Operation::Hues(step.ranges.clone()));
        }
        LookStep::SplitTone(step) => operations.push(Operation::Tint(PreparedTint::new(step))),
        LookStep::ChannelMixer(step) => {
            operations.push(Operation::Mix([step.red, step.green, step.blue]));
        }
        LookStep::Monochrome(step) => {
            let sum = step.red + step.green + step.blue;
            let row = [step.red / sum, step.green / sum, step.blue / sum];
            operations.push(Operation::Mix([row; 3]));
        }
        // Measured: whoever compiles puts the steps of the correction in its place. Masks were taken off before.
        LookStep::Even(_)
        | LookStep::Clarity(_)
        | LookStep::Sharpen(_)
        | LookStep::SoftFocus(_)
        | LookStep::Bloom(_)
        | LookStep::Vignette(_)
        | LookStep::Grain(_)
        | LookStep::Masked(_) => {}
    }
}

/// Adds a curve a channel, onto the curves that come last if there are any.
fn append_curves(operations: &mut Vec<Operation>, curve: impl Fn(f64, usize) -> f64) {
    let curve = |value, channel| curve(value, channel).clamp(0.0, 1.0);
    if let Some(Operation::Channels(last)) = operations.last_mut() {
        for (channel, samples) in last.iter_mut().enumerate() {
            samples.map(|value| curve(value, channel));
        }
        return;
    }
    let curves = [0, 1, 2].map(|channel| Sampled::new(|value| curve(value, channel)));
    operations.push(Operation::Channels(Box::new(curves)));
}

impl Operation {
    fn apply(&self, color: Triple) -> Triple {
        match self {
            Self::Channels(curves) => {
                let [red, green, blue] = &**curves;
                [red.at(color[0]), green.at(color[1]), blue.at(color[2])]
            }
            Self::Master(curve) => bend(color, curve),
            Self::Saturation(amount) => {
                let luma = luma(color);
                rescale(color, luma, *amount)
            }
            Self::Vibrance(amount) => {
                let luma = luma(color);
                let room = 1.0 - saturation(color, luma);
                let reach = 1.0 - 0.67 * skin(Hue::of(color).degrees);
                rescale(color, luma, amount * room * reach)
            }
            Self::Hues(ranges) => apply_ranges(ranges, color),
            Self::Tint(tint) => tint.apply(color),
            Self::Lut(table) => table.evaluate(color).map(|value| value.clamp(0.0, 1.0)),
            Self::Mix(matrix) => multiply(matrix, color).map(|value| value.clamp(0.0, 1.0)),
            Self::Masked(operations, weight) => {
                let new =
                    (operations.iter()).fold(color, |color, operation| operation.apply(color));
                let weight = weight.at(color);
                [0, 1, 2].map(|place| color[place] + weight * (new[place] - color[place]))
            }
        }
    }
}

/// A curve on 0..1, sampled finely enough that straight lines between the samples are off by less than 1e-4.
#[derive(Debug, Clone)]
struct Sampled(Vec<f64>);

impl Sampled {
    const LAST: usize = 1024;

    fn new(curve: impl Fn(f64) -> f64) -> Self {
        let sample = |place: usize| curve(place as f64 / Self::LAST as f64).clamp(0.0, 1.0);
        Self((0..=Self::LAST).map(sample).collect())
    }

    fn map(&mut self, curve: impl Fn(f64) -> f64) {
        for value in &mut self.0 {
            *value = curve(*value);
        }
    }

    fn at(&self, value: f64) -> f64 {
        let place = value.clamp(0.0, 1.0) * Self::LAST as f64;
        let left = (place as usize).min(Self::LAST - 1);
        self.0[left] + (self.0[left + 1] - self.0[left]) * (place - left as f64)
    }
}

/// `value` under `gain` times the light. What would pass white is bent: the lower half of the light stays as it is,
/// and the rest follows a Möbius curve with the slope of the line it continues, so that white lands on white.
fn lit(value: f64, gain: f64) -> f64 {
    const KNEE: f64 = 0.5;
    let light = decode(value) * gain;
    if gain <= 1.0 || light <= KNEE {
        return encode(light);
    }
    let slope = (gain - KNEE) / (1.0 - KNEE);
    let t = (light - KNEE) / (gain - KNEE);
    encode(KNEE + (1.0 - KNEE) * slope * t / (1.0 + (slope - 1.0) * t))
}

/// Positive amounts: a power curve on either side of the pivot, with the same slope there, through 0 and 1.
/// Negative amounts: a line through the pivot.
fn contrast(value: f64, amount: f64, pivot: f64) -> f64 {
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

/// How far `color` is from gray, of the way to the gamut's surface at its luma: 0..1.
fn saturation(color: Triple, luma: f64) -> f64 {
    let share = |value: f64| {
        let away = value - luma;
        if away > 0.0 {
            away / (1.0 - luma).max(1e-9)
        } else {
            -away / luma.max(1e-9)
        }
    };
    share(color[0]).max(share(color[1])).max(share(color[2]))
}

/// Multiplies chroma by 1 + `amount`, at most up to the gamut's surface and slower the nearer it is.
fn rescale(color: Triple, luma: f64, amount: f64) -> Triple {
    let scale = if amount <= 0.0 {
        1.0 + amount
    } else {
        let saturation = saturation(color, luma).min(1.0);
        // The latest brake under which stronger colors stay the stronger ones: quadratic up to an amount of 1/2, then
        // ever more linear.
        let linear = (2.0 - 1.0 / amount).clamp(0.0, 1.0);
        let brake = saturation * (saturation + linear * (1.0 - saturation));
        1.0 + amount * (1.0 - brake)
    };
    color.map(|value| luma + (value - luma) * scale)
}

/// Bends the largest and the least channel by `curve` and keeps the hue (as the reference code of Adobe's DNG does).
fn bend(color: Triple, curve: &Sampled) -> Triple {
    let most = color[0].max(color[1]).max(color[2]);
    let least = color[0].min(color[1]).min(color[2]);
    let (top, bottom) = (curve.at(most), curve.at(least));
    if most <= least {
        return [top; 3];
    }
    let slope = (top - bottom) / (most - least);
    color.map(|value| bottom + (value - least) * slope)
}

/// How much a hue is that of skin, 0..1. Complexions differ in lightness and saturation far more than in hue.
fn skin(degrees: f64) -> f64 {
    1.0 - smooth_step(8.0, 40.0, turn(22.0, degrees).abs())
}

/// A color by its place on the common wheel (the hexcone of A. R. Smith, 1978).
#[derive(Clone, Copy)]
pub(super) struct Hue {
    least: f64,
    /// The largest channel less the least.
    pub(super) chroma: f64,
    /// 0 red, 120 green, 240 blue; 0 for gray.
    pub(super) degrees: f64,
}

impl Hue {
    pub(super) fn of([red, green, blue]: Triple) -> Self {
        let most = red.max(green).max(blue);
        let least = red.min(green).min(blue);
        let chroma = most - least;
        let sextants = if chroma <= 0.0 {
            0.0
        } else if most == red {
            (green - blue) / chroma
        } else if most == green {
            2.0 + (blue - red) / chroma
        } else {
            4.0 + (red - green) / chroma
        };
        Self {
            least,
            chroma,
            degrees: 60.0 * sextants,
        }
    }

    /// The color with its hue turned by `degrees`, its largest and least channel kept.
    fn turned(self, degrees: f64) -> Triple {
        let degrees = self.degrees + degrees;
        [0.0, 120.0, 240.0].map(|peak| {
            let away = turn(peak, degrees).abs() / 60.0;
            self.least + self.chroma * (2.0 - away).clamp(0.0, 1.0)
        })
    }
}

fn apply_ranges(ranges: &[HueRange], color: Triple) -> Triple {
    let hue = Hue::of(color);
    let (mut turned, mut saturated, mut lifted) = (0.0, 0.0, 0.0);
    for range in ranges {
        let away = turn(range.center, hue.degrees).abs();
        let weight = 1.0 - smooth_step(0.0, range.reach, away);
        turned += weight * range.hue;
        saturated += weight * range.saturation / 100.0;
        lifted += weight * range.lightness / 100.0;
    }
    let color = hue.turned(turned);
    let color = rescale(color, luma(color), saturated.max(-1.0));
    // In proportion to chroma: gray has no hue to be chosen by.
    let lift = lifted.clamp(-1.0, 1.0) * hue.chroma / (hue.chroma + 0.2);
    color.map(|value| value + lift * value * (1.0 - value))
}

/// Offsets of the channels at full weight.
#[derive(Debug, Clone)]
struct PreparedTint {
    shadow: Triple,
    highlight: Triple,
    /// The luma where both weigh the same.
    middle: f64,
    protect_skin: f64,
}

impl PreparedTint {
    fn new(step: &SplitTone) -> Self {
        let offset = |degrees: f64, amount: f64| {
            let color = wheel(degrees);
            let gray = luma(color);
            color.map(|value| (value - gray) * amount / 100.0 * 0.2)
        };
        Self {
            shadow: offset(step.shadow_hue, step.shadow_amount),
            highlight: offset(step.highlight_hue, step.highlight_amount),
            middle: 0.45 - 0.25 * step.balance / 100.0,
            protect_skin: step.protect_skin / 100.0,
        }
    }

    fn apply(&self, color: Triple) -> Triple {
        let luma = luma(color);
        let light = smooth_step(self.middle - 0.4, self.middle + 0.4, luma);
        let shadow = (1.0 - light) * smooth_step(0.0, 0.25, luma);
        let highlight = light * (1.0 - smooth_step(0.75, 1.0, luma));
        let hue = Hue::of(color);
        let kept =
            1.0 - self.protect_skin * skin(hue.degrees) * smooth_step(0.02, 0.12, hue.chroma);
        [0, 1, 2].map(|channel| {
            let offset = shadow * self.shadow[channel] + highlight * self.highlight[channel];
            moved(color[channel], kept * offset)
        })
    }
}

/// Moves a channel by `offset`, less where it would come closer to the end of the scale than half its distance.
fn moved(value: f64, offset: f64) -> f64 {
    let (room, size) = if offset < 0.0 {
        (value, -offset)
    } else {
        (1.0 - value, offset)
    };
    if room >= 2.0 * size {
        value + offset
    } else {
        let left = room * room / (4.0 * size);
        if offset < 0.0 { left } else { 1.0 - left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::{Exposure, HighlightsShadows, Hsl, Saturation, Vibrance, WhiteBalance};

    fn run(step: LookStep, color: Triple) -> Triple {
        Grade::new(&[step], 1.0).evaluate(color)
    }

    fn close(a: Triple, b: Triple) -> bool {
        a.into_iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-3)
    }

    #[test]
    fn a_stop_doubles_the_light_and_leaves_white_white() {
        let step = LookStep::Exposure(Exposure { stops: 1.0 });
        let new = run(step.clone(), [0.3; 3])[0];
        assert!((decode(new) / decode(0.3) - 2.0).abs() < 0.01);
        assert!(close(run(step.clone(), [1.0; 3]), [1.0; 3]));
        assert!(run(step, [0.9; 3])[0] < 1.0);
    }

    #[test]
    fn saturation_keeps_luma_and_the_order_of_colors() {
        let gray = LookStep::Saturation(Saturation { amount: -100.0 });
        let color = [0.7, 0.4, 0.2];
        assert!(close(run(gray, color), [luma(color); 3]));
        for amount in [20.0, 50.0, 100.0] {
            let more = LookStep::Saturation(Saturation { amount });
            let mut before = 0.0;
            for strength in 1..=20 {
                let away = f64::from(strength) / 20.0;
                let color = [0.5 + 0.5 * away, 0.5, 0.5 - 0.5 * away];
                let new = run(more.clone(), color);
                assert!((luma(new) - luma(color)).abs() < 1e-9);
                assert!(new[0] - new[2] > before, "{amount} {strength}");
                before = new[0] - new[2];
            }
        }
    }

    #[test]
    fn vibrance_moves_skin_less_than_what_is_as_pale() {
        let step = LookStep::Vibrance(Vibrance { amount: 80.0 });
        let gain = |color: Triple| {
            let new = run(step.clone(), color);
            Hue::of(new).chroma / Hue::of(color).chroma
        };
        let skin = gain([0.75, 0.6, 0.52]);
        let sky = gain([0.52, 0.6, 0.75]);
        assert!(skin > 1.0 && sky - 1.0 > 2.0 * (skin - 1.0), "{skin} {sky}");
    }

    #[test]
    fn a_range_turns_its_own_hue_and_leaves_others_and_gray() {
        let step = LookStep::Hsl(Hsl {
            ranges: vec![HueRange {
                center: 120.0,
                reach: 40.0,
                hue: 30.0,
                saturation: 0.0,
                lightness: 0.0,
            }],
        });
        let green = Hue::of(run(step.clone(), [0.2, 0.6, 0.2]));
        assert!((green.degrees - 150.0).abs() < 0.1, "{}", green.degrees);
        for color in [[0.6, 0.2, 0.2], [0.2, 0.2, 0.6], [0.4; 3]] {
            assert!(close(run(step.clone(), color), color));
        }
    }

    #[test]
    fn warm_light_is_redder_and_opening_shadows_brightens_only_them() {
        let warm = run(
            LookStep::WhiteBalance(WhiteBalance {
                temperature: 50.0,
                tint: 0.0,
            }),
            [0.5; 3],
        );
        assert!(warm[0] > 0.5 && warm[2] < 0.5);
        let open = LookStep::HighlightsShadows(HighlightsShadows {
            highlights: 0.0,
            shadows: 100.0,
        });
        assert!(run(open.clone(), [0.25; 3])[0] > 0.34);
        assert!(run(open.clone(), [0.9; 3])[0] < 0.902);
        assert!(close(run(open, [0.0; 3]), [0.0; 3]));
    }

    #[test]
    fn tones_spare_skin_when_told_to() {
        let step = |protect_skin| {
            LookStep::SplitTone(SplitTone {
                shadow_hue: 190.0,
                shadow_amount: 50.0,
                highlight_hue: 0.0,
                highlight_amount: 0.0,
                balance: 0.0,
                protect_skin,
            })
        };
        let dark_skin = [0.36, 0.24, 0.18];
        let moved = |protect| run(step(protect), dark_skin)[2] - dark_skin[2];
        assert!(moved(0.0) > 4.0 * moved(100.0).max(0.001));
        for end in [[0.0; 3], [1.0; 3]] {
            assert!(close(run(step(0.0), end), end));
        }
    }

    #[test]
    fn strength_is_a_mix() {
        let steps = [LookStep::Exposure(Exposure { stops: 0.5 })];
        let color = [0.3, 0.5, 0.1];
        let full = Grade::new(&steps, 1.0).evaluate(color);
        let half = Grade::new(&steps, 0.5).evaluate(color);
        for channel in 0..3 {
            let middle = (color[channel] + full[channel]) / 2.0;
            assert!((half[channel] - middle).abs() < 1e-12);
        }
        assert_eq!(Grade::new(&steps, 0.0).evaluate(color), color);
    }
}
