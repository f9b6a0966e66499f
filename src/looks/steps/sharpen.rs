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
        // The binomial mean of the neighborhood, column by column and then along the row, both 4 times too large. The sums
        // are whole numbers below 2^24, which floats hold exactly, in any order.
        let columns = &mut row.columns[1..=width];
        let lines = above.iter().zip(here).zip(below);
        for (column, ((above, here), below)) in columns.iter_mut().zip(lines) {
            *column = (u32::from(*above) + 2 * u32::from(*here) + u32::from(*below)) as f32;
        }
        row.columns[0] = row.columns[1];
        row.columns[width + 1] = row.columns[width];
        let scale = self.amount / (16.0 * 65535.0);
        let columns = &*row.columns;
        let neighbors = columns.iter().zip(&columns[1..]).zip(&columns[2..]);
        for ((lift, here), ((left, middle), right)) in row.wide.iter_mut().zip(here).zip(neighbors) {
            let around = left + 2.0 * middle + right;
            *lift = scale * (16.0 * f32::from(*here) - around);
        }
        row.add_lift();
    }
}
