//! `sharpen`: crisper edges, one pixel wide.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geometry::Size;
use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};
use crate::looks::texture::{FrameView, Row, Texture, TexturePass, share, vectorized};

/// Adds the difference between luma and the mean of its 3×3 neighbors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharpen {
    /// 0..100.
    pub amount: f64,
}

static FIELDS: &[NumberField<Sharpen>] = &[NumberField::new("amount", [0.0, 100.0], "%", |step: &Sharpen| {
    step.amount
})];

/// Factor of the difference at the full amount. More would draw visible outlines.
const MOST: f32 = 1.5;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "sharpen",
    stage: StepStage::Texture,
    takes_masks: true,
    feature: Some("sharpness"),
    parameters: || described(FIELDS),
    summary: "Edges one pixel wide",
    formula: "v + 1.5 a (Y − mean Y of 3 × 3)",
    source: "",
};

impl Step for Sharpen {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn texture(&self, strength: f64) -> Option<Arc<dyn Texture>> {
        let amount = MOST * share(self.amount, strength);
        (amount != 0.0).then(|| -> Arc<dyn Texture> { Arc::new(Edges { amount }) })
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}

#[derive(Debug, Clone, Copy)]
struct Edges {
    amount: f32,
}

impl Texture for Edges {
    fn fit(&self, _: Size) -> Box<dyn TexturePass> {
        vectorized(*self)
    }
}

impl TexturePass for Edges {
    fn reads_luma(&self) -> bool {
        true
    }

    #[inline(always)]
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        let width = frame.width;
        let luma = |line: usize| &frame.luma[line * width..(line + 1) * width];
        let above = luma(row.line.saturating_sub(1));
        let here = luma(row.line);
        let below = luma((row.line + 1).min(frame.height - 1));
        let column =
            |x: usize| u32::from(above[x]) + 2 * u32::from(here[x]) + u32::from(below[x]);
        // 16 times the difference of luma from the binomial mean of its neighborhood.
        let scale = self.amount / (16.0 * 65535.0);
        let mut left = column(0);
        let mut middle = left;
        for (x, lift) in row.wide.iter_mut().enumerate() {
            let right = column((x + 1).min(width - 1));
            let around = left + 2 * middle + right;
            let detail = 16 * i32::from(here[x]) - around as i32;
            *lift = scale * detail as f32;
            (left, middle) = (middle, right);
        }
        row.add_lift();
    }
}
