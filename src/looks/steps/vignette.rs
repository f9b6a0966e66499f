//! `vignette`: darker or lighter corners. Its center is the middle of the cropped frame.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geometry::Size;
use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};
use crate::looks::texture::{FrameView, Row, Texture, TexturePass, mix, share, vectorized};

/// An elliptical change of brightness toward the corners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vignette {
    /// −100..100; positive darkens the corners (100 halves them), negative lightens them.
    pub amount: f64,
    /// Where it starts, 0..90 percent of the way from the middle to the corners.
    #[serde(default = "default_start")]
    pub start: f64,
}

const fn default_start() -> f64 {
    30.0
}

static FIELDS: &[NumberField<Vignette>] = &[
    NumberField::new("amount", [-100.0, 100.0], "%", |step: &Vignette| step.amount).note("positive is darker"),
    NumberField::new("start", [0.0, 90.0], "%", |step: &Vignette| step.start)
        .default(default_start())
        .note("from the middle to the corners"),
];

/// Share of their light that the corners lose at the full amount.
const MOST: f32 = 0.5;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "vignette",
    stage: StepStage::Texture,
    takes_masks: true,
    feature: Some("vignette"),
    parameters: || described(FIELDS),
    summary: "",
    formula: "brightness times 1 − a/2 at the corners, a smooth function of the squared distance from `start`",
    source: "own",
};

impl Step for Vignette {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn texture(&self, strength: f64) -> Option<Arc<dyn Texture>> {
        let start = (self.start / 100.0) as f32;
        (self.amount != 0.0).then(|| -> Arc<dyn Texture> {
            Arc::new(Corners {
                amount: MOST * share(self.amount, strength),
                start: start * start,
            })
        })
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}

#[derive(Debug, Clone, Copy)]
struct Corners {
    amount: f32,
    /// Squared distance from the middle at which it starts; the corners are at 1.
    start: f32,
}

impl Texture for Corners {
    fn fit(&self, _: Size) -> Box<dyn TexturePass> {
        vectorized(*self)
    }
}

impl Corners {
    /// Writes the row's gains.
    #[inline(always)]
    fn gains(&self, frame: &FrameView<'_>, line: usize, gains: &mut [f32]) {
        let offset = |position: usize, length: usize| {
            let offset = (2 * position + 1) as f32 / length as f32 - 1.0;
            offset * offset
        };
        let down = offset(line, frame.height);
        let scale = 1.0 / frame.width as f32;
        let stretch = 1.0 / (1.0 - self.start);
        for (column, gain) in gains.iter_mut().enumerate() {
            let across = (2 * column as i32 + 1) as f32 * scale - 1.0;
            let distance = 0.5 * (across * across + down);
            let t = ((distance - self.start) * stretch).clamp(0.0, 1.0);
            *gain = 1.0 - self.amount * (t * t * (3.0 - 2.0 * t));
        }
    }
}

impl TexturePass for Corners {
    #[inline(always)]
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        row.settle();
        self.gains(frame, row.line, row.lift);
        if let Some(weights) = row.weights {
            row.wide.fill(1.0);
            mix(row.lift, row.wide, weights);
        }
        for channel in [&mut *row.red, &mut *row.green, &mut *row.blue] {
            for (value, gain) in channel.iter_mut().zip(&*row.lift) {
                *value *= gain;
            }
        }
    }
}
