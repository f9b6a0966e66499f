//! `soft_focus`: a blurred copy mixed into the picture.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geometry::Size;
use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};
use crate::looks::texture::{Blur, FrameView, Row, Texture, TexturePass, share, vectorized};

/// Mixes in a blurred copy, more where it is brighter than where it is darker: a glow that keeps edges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoftFocus {
    /// 0..100.
    pub amount: f64,
    /// 0.5..10.
    #[serde(default = "default_radius")]
    pub radius: f64,
}

const fn default_radius() -> f64 {
    1.0
}

static FIELDS: &[NumberField<SoftFocus>] = &[
    NumberField::new("amount", [0.0, 100.0], "%", |step: &SoftFocus| step.amount),
    NumberField::new("radius", [0.5, 10.0], "%", |step: &SoftFocus| step.radius).default(default_radius()),
];

/// Share of the blurred copy at the full amount. With more, nothing sharp is left.
const MOST: f32 = 0.7;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "soft_focus",
    stage: StepStage::Texture,
    takes_masks: true,
    feature: Some("soft_focus"),
    parameters: || described(FIELDS),
    summary: "A glow that keeps edges",
    formula: "0.7 a of the way to a Gaussian neighborhood where it is brighter, 0.4 of that where it is darker",
    source: "own",
};

impl Step for SoftFocus {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn texture(&self, strength: f64) -> Option<Arc<dyn Texture>> {
        let amount = MOST * share(self.amount, strength);
        (amount != 0.0).then(|| -> Arc<dyn Texture> {
            Arc::new(Glow {
                amount,
                radius: self.radius,
            })
        })
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}

#[derive(Debug)]
struct Glow {
    amount: f32,
    /// Standard deviation of the blur, in percent of the shorter side.
    radius: f64,
}

impl Texture for Glow {
    fn fit(&self, size: Size) -> Box<dyn TexturePass> {
        vectorized(GlowPass {
            amount: self.amount,
            blur: Blur::new(size, self.radius),
        })
    }
}

#[derive(Debug)]
struct GlowPass {
    amount: f32,
    /// The blur of all channels.
    blur: Blur,
}

impl TexturePass for GlowPass {
    fn blur(&self) -> Option<&Blur> {
        Some(&self.blur)
    }

    fn fill_copy(&self, colors: [&[f32]; 3], planes: &mut Vec<f32>) {
        for channel in colors {
            planes.extend_from_slice(channel);
        }
    }

    #[inline(always)]
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        let (line, area) = (row.line, self.blur.area());
        row.change_channels(|number, channel, wide, narrow| {
            let plane = &frame.blurred[number * area..(number + 1) * area];
            self.blur.read(plane, line, narrow, wide);
            for (value, around) in channel.iter_mut().zip(&*wide) {
                let difference = around - *value;
                // Brighter surroundings have a weight of 1, darker ones of 0.4.
                *value += self.amount * (0.7 * difference + 0.3 * difference.abs());
            }
        });
    }
}
