//! `clarity`: local contrast.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geometry::Size;
use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};
use crate::looks::texture::{Blur, FrameView, Row, Texture, TexturePass, row_luma, share, vectorized};

/// Raises differences of luma from the neighborhood, or lowers them if negative; most in the midtones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clarity {
    /// −100..100.
    pub amount: f64,
    /// The size of the neighborhood, 0.5..10.
    #[serde(default = "default_radius")]
    pub radius: f64,
}

const fn default_radius() -> f64 {
    3.0
}

static FIELDS: &[NumberField<Clarity>] = &[
    NumberField::new("amount", [-100.0, 100.0], "%", |step: &Clarity| step.amount),
    NumberField::new("radius", [0.5, 10.0], "%", |step: &Clarity| step.radius).default(default_radius()),
];

pub(super) const INFO: StepInfo = StepInfo {
    kind: "clarity",
    stage: StepStage::Texture,
    takes_masks: true,
    feature: Some("clarity"),
    parameters: || described(FIELDS),
    summary: "Local contrast",
    formula: "Y plus a times its difference d from a Gaussian neighborhood, as d / (1 + 6 |d|) and most in the \
              midtones; \
              the standard deviation is the radius in percent of the shorter side",
    source: "own",
};

impl Step for Clarity {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn texture(&self, strength: f64) -> Option<Arc<dyn Texture>> {
        let amount = share(self.amount, strength);
        (amount != 0.0).then(|| -> Arc<dyn Texture> {
            Arc::new(LocalContrast {
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
struct LocalContrast {
    amount: f32,
    /// Standard deviation of the blur, in percent of the shorter side.
    radius: f64,
}

impl Texture for LocalContrast {
    fn fit(&self, size: Size) -> Box<dyn TexturePass> {
        vectorized(LocalContrastPass {
            amount: self.amount,
            blur: Blur::new(size, self.radius),
        })
    }
}

#[derive(Debug)]
struct LocalContrastPass {
    amount: f32,
    /// The blur of luma.
    blur: Blur,
}

/// How fast the effect falls with the difference of luma. Large differences are edges, which would get halos.
const EDGE: f32 = 6.0;

impl TexturePass for LocalContrastPass {
    fn blur(&self) -> Option<&Blur> {
        Some(&self.blur)
    }

    fn fill_copy(&self, [red, green, blue]: [&[f32]; 3], planes: &mut Vec<f32>) {
        let colors = red.iter().zip(green).zip(blue);
        planes.extend(colors.map(|((r, g), b)| row_luma(*r, *g, *b)));
    }

    #[inline(always)]
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        row.settle();
        self.blur.read(frame.blurred, row.line, row.narrow, row.wide);
        let colors = row.red.iter().zip(&*row.green).zip(&*row.blue);
        for (around, ((r, g), b)) in row.wide.iter_mut().zip(colors) {
            let luma = row_luma(*r, *g, *b);
            let difference = luma - *around;
            let detail = difference / (1.0 + EDGE * difference.abs());
            *around = self.amount * detail * (4.0 * luma * (1.0 - luma)).max(0.0);
        }
        row.add_lift();
    }
}
