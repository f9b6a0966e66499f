//! A reverse: the segment is played backwards.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::SegmentMoment;
use crate::time::Rational;

/// Plays the segment from its last frame to its first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Reverse {}

impl Reverse {
    /// What is the same for all of its kind.
    pub const FACTS: EffectFacts = EffectFacts {
        kind: "reverse",
        doc: "Plays the segment backwards, from its last frame to its first.",
        parameters: &[],
    };
}

impl LayerEffect for Reverse {
    fn facts(&self) -> &'static EffectFacts {
        &Self::FACTS
    }

    fn values(&self) -> Vec<f64> {
        Vec::new()
    }

    fn values_mut(&mut self) -> Vec<&mut f64> {
        Vec::new()
    }

    fn source_time(&self, moment: &SegmentMoment) -> Rational {
        // `end` itself belongs to what follows in the source. In the handles of a transition the outermost frame is
        // held: what lies beyond may be another shot.
        let last = (moment.end - moment.step).max(moment.start);
        (moment.start + last - moment.time)
            .max(moment.start)
            .min(last)
    }

    fn changes_time(&self) -> bool {
        true
    }

    fn starts_elsewhere(&self) -> bool {
        true
    }

    fn words(&self) -> String {
        "backwards".to_owned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_last_frame_comes_first_and_nothing_beyond_is_shown() {
        let at = |frame: i64| Rational::new(frame, 10).unwrap();
        let shown = |frame: i64| {
            let moment = SegmentMoment {
                time: at(frame),
                start: at(20),
                end: at(25),
                frame_time: at(1),
                step: at(1),
                film_progress: 0.0,
            };
            Reverse {}.source_time(&moment)
        };
        let backwards: Vec<Rational> = (18..27).map(shown).collect();
        let expected = [24, 24, 24, 23, 22, 21, 20, 20, 20].map(at);
        assert_eq!(backwards, expected);
    }
}
