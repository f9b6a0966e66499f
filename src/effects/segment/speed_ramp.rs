//! A speed ramp: time slows down towards one moment, and runs faster on both sides of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::SegmentMoment;
use crate::effects::parameter::{Parameter, ParameterRange};
use crate::time::Rational;

/// Times are rounded to this many parts of a second: far finer than a frame.
const PARTS_OF_A_SECOND: u32 = 90_000;

/// Slows by `amount` at `at`; the segment lasts as long as without it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct SpeedRamp {
    /// Seconds in the source.
    pub at: f64,
    /// 0..0.9.
    pub amount: f64,
}

impl SpeedRamp {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "speed_ramp",
        doc: "Time runs slower by `amount` at second `at` of the source and faster by as much at both ends; the length stays.",
        parameters: &[
            Parameter {
                name: "at",
                range: ParameterRange::WithinSegment,
                unit: "seconds of the source",
            },
            Parameter {
                name: "amount",
                // Beyond nine tenths the picture stands, and the ends run at twice their speed.
                range: ParameterRange::Between(0.0, 0.9),
                unit: "of the speed",
            },
        ],
    };
}

impl LayerEffect for SpeedRamp {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        vec![self.at, self.amount]
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.at, &mut self.amount]
    }

    fn source_time(&self, moment: &SegmentMoment) -> Rational {
        if moment.time <= moment.start || moment.time >= moment.end {
            return moment.time;
        }
        let length = (moment.end - moment.start).seconds();
        let slow = ((self.at - moment.start.seconds()) / length).clamp(0.0, 1.0);
        let amount = self.amount.clamp(0.0, 0.9);
        // A parabola on each side stands still at `slow` and starts, or ends, at twice the speed.
        let even = moment.progress();
        let bent = if even < slow {
            let left = 1.0 - even / slow;
            slow * (1.0 - left * left)
        } else {
            let passed = (even - slow) / (1.0 - slow);
            slow + (1.0 - slow) * passed * passed
        };
        let progress = even + (bent - even) * amount;
        moment.start + Rational::nearest(length * progress, PARTS_OF_A_SECOND)
    }

    fn changes_time(&self) -> bool {
        true
    }

    fn words(&self) -> String {
        format!("ramp {:.0} %", self.amount * 100.0)
    }
}
