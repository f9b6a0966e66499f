//! `white_balance`: warmer or colder, greener or more magenta light.

use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::color::{Matrix3, Triple, multiply};
use crate::looks::operations::Operations;
use crate::looks::steps::exposure::lit;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Adapts to a different light, along the daylight locus and across it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhiteBalance {
    /// −100..100; positive is warmer. 100 is 60 mired.
    #[serde(default)]
    pub temperature: f64,
    /// −100..100; positive is more magenta, negative greener. 100 is 0.02 in CIE 1960 uv.
    #[serde(default)]
    pub tint: f64,
}

static FIELDS: &[NumberField<WhiteBalance>] = &[
    NumberField::new("temperature", [-100.0, 100.0], "%", |step: &WhiteBalance| step.temperature)
        .default(0.0)
        .note("positive is warmer, 100 is 60 mired"),
    NumberField::new("tint", [-100.0, 100.0], "%", |step: &WhiteBalance| step.tint)
        .default(0.0)
        .note("positive is magenta"),
];

/// Neutral light in mired (a million over kelvin): 6502 K, the white of sRGB.
const NEUTRAL: f64 = 153.8;
/// Mired per percent of temperature. The limit of 60 is the difference of noon and a low sun, or of open shade and
/// noon.
const MIRED: f64 = 0.6;
/// CIE 1960 uv of the full tint, which covers the green of fluorescent lamps.
const ACROSS: f64 = 0.02;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "white_balance",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || described(FIELDS),
    summary: "",
    formula: "l times the ratio of two whites on the CIE daylight locus, 0.6 mired a percent from 6502 K; tint \
              0.0002 a \
              percent across it in CIE 1960 uv",
    source: "CIE 15",
};

impl Step for WhiteBalance {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn color(&self, operations: &mut Operations) {
        let gains = white_balance_gains(self.temperature, self.tint);
        operations.curves(|value, channel| lit(value, gains[channel]));
    }
}

/// The gains of a step of `temperature` and `tint` for red, green and blue light.
pub(in crate::looks) fn white_balance_gains(temperature: f64, tint: f64) -> Triple {
    gains(temperature * MIRED, tint / 100.0 * ACROSS)
}

/// The gains for red, green and blue light that move the white by `mired` along the daylight locus (warmer if positive)
/// and by `across` off it (toward magenta, in CIE 1960 uv), at the same luminance.
fn gains(mired: f64, across: f64) -> Triple {
    let (u, v) = daylight(NEUTRAL + mired);
    let (ahead, behind) = (
        daylight(NEUTRAL + mired + 1.0),
        daylight(NEUTRAL + mired - 1.0),
    );
    let along = (ahead.0 - behind.0, ahead.1 - behind.1);
    let length = (along.0 * along.0 + along.1 * along.1).sqrt();
    // The locus runs toward red; magenta lies on its right.
    let to = white((
        u + across * along.1 / length,
        v - across * along.0 / length,
    ));
    let from = white(daylight(NEUTRAL));
    [to[0] / from[0], to[1] / from[1], to[2] / from[2]]
}

/// From CIE XYZ to linear sRGB (IEC 61966-2-1).
const XYZ_TO_RGB: Matrix3 = [
    [3.240_969_942, -1.537_383_178, -0.498_610_760],
    [-0.969_243_636, 1.875_967_502, 0.041_555_057],
    [0.055_630_080, -0.203_976_959, 1.056_971_514],
];

/// The daylight of `mired` (40..250, as far as CIE 15 defines it), as CIE 1960 u, v.
fn daylight(mired: f64) -> (f64, f64) {
    let m = mired.clamp(40.0, 250.0) / 1000.0;
    let x = if m > 1.0 / 7.0 {
        -4.6070 * m * m * m + 2.9678 * m * m + 0.099_11 * m + 0.244_063
    } else {
        -2.0064 * m * m * m + 1.9018 * m * m + 0.247_48 * m + 0.237_040
    };
    let y = -3.0 * x * x + 2.870 * x - 0.275;
    let scale = -2.0 * x + 12.0 * y + 3.0;
    (4.0 * x / scale, 6.0 * y / scale)
}

/// Linear RGB of the white at CIE 1960 `u`, `v`, at luminance 1.
fn white((u, v): (f64, f64)) -> Triple {
    let scale = 2.0 * u - 8.0 * v + 4.0;
    let (x, y) = (3.0 * u / scale, 2.0 * v / scale);
    multiply(&XYZ_TO_RGB, [x / y, 1.0, (1.0 - x - y) / y])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_moves_the_way_it_says() {
        for gain in gains(0.0, 0.0) {
            assert!((gain - 1.0).abs() < 1e-12, "{gain}");
        }
        let warm = gains(30.0, 0.0);
        assert!(warm[0] > 1.05 && warm[2] < 0.85, "{warm:?}");
        let magenta = gains(0.0, 0.01);
        assert!(magenta[1] < 0.99 && magenta[0] > 1.0, "{magenta:?}");
    }
}
