//! Color steps as a sequence of operations on a single color.
//!
//! Consecutive steps that act on each channel become one sampled curve, which makes evaluating a color cheap: compiling
//! a look does it tens of thousands of times.

use std::fmt;
use std::sync::Arc;

use crate::looks::color::Triple;
use crate::looks::curve::SampledCurve;
use crate::looks::mask::ColorWeight;

/// Operations on a color (display RGB, 0..1), in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Operations(Vec<Operation>);

#[derive(Clone)]
enum Operation {
    /// A curve for each channel.
    Channels(Box<[SampledCurve; 3]>),
    /// A curve on all channels that keeps the hue.
    Master(SampledCurve),
    /// Anything else.
    Colors(Arc<dyn Fn(Triple) -> Triple + Send + Sync>),
    /// Operations weighted by the color.
    Masked(Operations, ColorWeight),
}

impl Operations {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a curve for each channel (0 red, 1 green, 2 blue), merged into the last operation if that has curves, too.
    pub(super) fn curves(&mut self, curve: impl Fn(f64, usize) -> f64) {
        let curve = |value, channel| curve(value, channel).clamp(0.0, 1.0);
        if let Some(Operation::Channels(last)) = self.0.last_mut() {
            for (channel, samples) in last.iter_mut().enumerate() {
                samples.then(|value| curve(value, channel));
            }
            return;
        }
        let curves = [0, 1, 2].map(|channel| SampledCurve::new(|value| curve(value, channel)));
        self.0.push(Operation::Channels(Box::new(curves)));
    }

    /// Adds a curve on the largest and the least channel that keeps the hue.
    pub(super) fn master(&mut self, curve: impl Fn(f64) -> f64) {
        self.0.push(Operation::Master(SampledCurve::new(curve)));
    }

    /// Adds a function of colors.
    pub(super) fn colors(&mut self, of: impl Fn(Triple) -> Triple + Send + Sync + 'static) {
        self.0.push(Operation::Colors(Arc::new(of)));
    }

    /// Adds `operations` weighted by `weight`.
    pub(super) fn masked(&mut self, operations: Operations, weight: ColorWeight) {
        if !operations.is_empty() {
            self.0.push(Operation::Masked(operations, weight));
        }
    }

    /// The result for `color`.
    pub(super) fn evaluate(&self, color: Triple) -> Triple {
        let apply = |color, operation: &Operation| operation.apply(color);
        self.0.iter().fold(color, apply)
    }
}

impl Operation {
    fn apply(&self, color: Triple) -> Triple {
        match self {
            Self::Channels(curves) => {
                let [red, green, blue] = &**curves;
                [red.at(color[0]), green.at(color[1]), blue.at(color[2])]
            }
            Self::Master(curve) => bend(color, curve),
            Self::Colors(of) => of(color),
            Self::Masked(operations, weight) => {
                let new = operations.evaluate(color);
                let weight = weight.at(color);
                [0, 1, 2].map(|channel| color[channel] + weight * (new[channel] - color[channel]))
            }
        }
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Channels(_) => "Channels",
            Self::Master(_) => "Master",
            Self::Colors(_) => "Colors",
            Self::Masked(..) => "Masked",
        })
    }
}

/// Applies `curve` to the largest and the least channel and keeps the hue, as in the reference code of Adobe's DNG.
fn bend(color: Triple, curve: &SampledCurve) -> Triple {
    let most = color[0].max(color[1]).max(color[2]);
    let least = color[0].min(color[1]).min(color[2]);
    let (top, bottom) = (curve.at(most), curve.at(least));
    if most <= least {
        return [top; 3];
    }
    let slope = (top - bottom) / (most - least);
    color.map(|value| bottom + (value - least) * slope)
}
