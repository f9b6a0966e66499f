//! `bloom`: light spreads from highlights; if warm, it is the halation of film.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geometry::Size;
use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};
use crate::looks::texture::{Blur, FrameView, Row, Texture, TexturePass, row_luma, share, vectorized};

/// Spreads the light above a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bloom {
    /// 0..100.
    pub amount: f64,
    /// 0.5..10.
    #[serde(default = "default_radius")]
    pub radius: f64,
    /// The luma from which light spreads, 30..98.
    #[serde(default = "default_threshold")]
    pub threshold: f64,
    /// 0..100: 0 keeps the light's color, 100 is the red-orange halo of film.
    #[serde(default)]
    pub warmth: f64,
}

const fn default_radius() -> f64 {
    2.0
}

const fn default_threshold() -> f64 {
    75.0
}

static FIELDS: &[NumberField<Bloom>] = &[
    NumberField::new("amount", [0.0, 100.0], "%", |step: &Bloom| step.amount),
    NumberField::new("radius", [0.5, 10.0], "%", |step: &Bloom| step.radius).default(default_radius()),
    NumberField::new("threshold", [30.0, 98.0], "%", |step: &Bloom| step.threshold)
        .default(default_threshold())
        .note("the luma from which light spreads"),
    NumberField::new("warmth", [0.0, 100.0], "%", |step: &Bloom| step.warmth).default(0.0),
];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "bloom",
    stage: StepStage::Texture,
    takes_masks: true,
    feature: Some("bloom"),
    parameters: || described(FIELDS),
    summary: "Light that spreads; warm, it is film's halation",
    formula: "v + a B (1 − v), B a Gaussian neighborhood of v times the square of how far Y is above the threshold",
    source: "own",
};

impl Step for Bloom {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn texture(&self, strength: f64) -> Option<Arc<dyn Texture>> {
        let amount = share(self.amount, strength);
        let warmth = (self.warmth / 100.0) as f32;
        (amount != 0.0).then(|| -> Arc<dyn Texture> {
            Arc::new(Halo {
                amount,
                radius: self.radius,
                threshold: (self.threshold / 100.0) as f32,
                tint: [1.0, 1.0 - 0.6 * warmth, 1.0 - 0.8 * warmth],
            })
        })
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}

#[derive(Debug)]
struct Halo {
    amount: f32,
    /// Standard deviation of the blur, in percent of the shorter side.
    radius: f64,
    threshold: f32,
    /// Factors of the spread light.
    tint: [f32; 3],
}

impl Texture for Halo {
    fn fit(&self, size: Size) -> Box<dyn TexturePass> {
        vectorized(HaloPass {
            amount: self.amount,
            threshold: self.threshold,
            tint: self.tint,
            blur: Blur::new(size, self.radius),
        })
    }
}

#[derive(Debug)]
struct HaloPass {
    amount: f32,
    threshold: f32,
    tint: [f32; 3],
    /// The blur of the light above the threshold.
    blur: Blur,
}

impl TexturePass for HaloPass {
    fn blur(&self) -> Option<&Blur> {
        Some(&self.blur)
    }

    fn fill_copy(&self, colors: [&[f32]; 3], planes: &mut Vec<f32>) {
        let [red, green, blue] = colors;
        for (own, tint) in colors.into_iter().zip(self.tint) {
            let pixels = own.iter().zip(red.iter().zip(green).zip(blue));
            planes.extend(pixels.map(|(own, ((r, g), b))| {
                let above = row_luma(*r, *g, *b) - self.threshold;
                let light = (above / (1.0 - self.threshold)).max(0.0);
                own * light * light * tint
            }));
        }
    }

    #[inline(always)]
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        let (line, area) = (row.line, self.blur.area());
        row.change_channels(|number, channel, wide, narrow| {
            let plane = &frame.blurred[number * area..(number + 1) * area];
            self.blur.read(plane, line, narrow, wide);
            for (value, light) in channel.iter_mut().zip(&*wide) {
                // Screen blending: adds light without exceeding white.
                *value += self.amount * light * (1.0 - *value).max(0.0);
            }
        });
    }
}
