//! The lists of effects and transitions, and the enums made from them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::effects::layer_effect::{EffectFacts, LayerEffect};
use crate::effects::layer_state::{LayerState, SegmentMoment};
use crate::effects::layer_transition::{LayerTransition, TransitionFacts};
use crate::effects::parameter::Parameter;
use crate::effects::segment::{
    BackgroundBlur, BackgroundColor, Flash, FrameBlend, Freeze, Glow, Letterbox, LightLeak,
    ProgressBar, PunchIn, Reverse, Shake, SlowPush, SpeedRamp, Steady, Tear, Waveform, ZoomIn,
};
use crate::effects::transitions::{
    DipToBlack, DipToWhite, Dissolve, FilmBurn, Glitch, Iris, PushLeft, PushUp, Whip, WipeDown,
    WipeRight, ZoomThrough,
};
use crate::time::{Rational, rounded};

/// Makes [`Effect`] from the list of effects.
macro_rules! effects {
    ($($name:ident),+ $(,)?) => {
        /// A change of a segment beyond color, on top of its crop.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum Effect {
            $($name($name)),+
        }

        impl Effect {
            /// The facts of every effect, in the order of the list.
            pub const ALL: &[&EffectFacts] = &[$(&$name::FACTS),+];

            fn as_layer_effect(&self) -> &dyn LayerEffect {
                match self {
                    $(Self::$name(effect) => effect),+
                }
            }

            fn as_layer_effect_mut(&mut self) -> &mut dyn LayerEffect {
                match self {
                    $(Self::$name(effect) => effect),+
                }
            }
        }

        $(
            impl From<$name> for Effect {
                fn from(effect: $name) -> Self {
                    Self::$name(effect)
                }
            }
        )+
    };
}

/// Makes [`TransitionEffect`] from the list of transitions.
macro_rules! transitions {
    ($($name:ident),+ $(,)?) => {
        /// The kind of a transition between two segments.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum TransitionEffect {
            $($name),+
        }

        impl TransitionEffect {
            /// The facts of every transition, in the order of the list.
            pub const ALL: &[&TransitionFacts] = &[$(&$name::FACTS),+];

            /// The transition itself.
            pub fn as_layer_transition(self) -> &'static dyn LayerTransition {
                match self {
                    $(Self::$name => &$name),+
                }
            }
        }
    };
}

impl Effect {
    /// Its `kind` in a plan, its doc line and its parameters.
    pub fn facts(&self) -> &'static EffectFacts {
        self.as_layer_effect().facts()
    }

    /// The parameters with their values.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static Parameter, f64)> {
        let values = self.as_layer_effect().values();
        self.facts().parameters.iter().zip(values)
    }

    /// Changes `layer` at `moment` of its segment.
    pub fn change(&self, layer: &mut LayerState, moment: &SegmentMoment) {
        self.as_layer_effect().change(layer, moment);
    }

    /// The time in the source that is shown at `moment`, in seconds.
    pub fn source_time(&self, moment: &SegmentMoment) -> Rational {
        self.as_layer_effect().source_time(moment)
    }

    /// Whether it shows another time than the segment's own speed would.
    pub fn changes_time(&self) -> bool {
        self.as_layer_effect().changes_time()
    }

    /// Whether the first frame of the segment shows another time than its `in`.
    pub fn starts_elsewhere(&self) -> bool {
        self.as_layer_effect().starts_elsewhere()
    }

    /// Whether it makes the whole picture much brighter or darker for a while.
    pub fn changes_light(&self) -> bool {
        self.as_layer_effect().changes_light()
    }

    /// A few words for a table of segments, such as `push in 10 %`.
    pub fn words(&self) -> String {
        self.as_layer_effect().words()
    }

    /// The same effect with its numbers rounded as in JSON.
    pub fn rounded(mut self) -> Self {
        for value in self.as_layer_effect_mut().values_mut() {
            *value = rounded(*value);
        }
        self
    }
}

effects![
    SlowPush,
    PunchIn,
    ZoomIn,
    Steady,
    SpeedRamp,
    FrameBlend,
    Freeze,
    Reverse,
    Shake,
    Flash,
    Glow,
    LightLeak,
    Tear,
    BackgroundBlur,
    BackgroundColor,
    Letterbox,
    ProgressBar,
    Waveform
];
transitions![
    Dissolve,
    DipToBlack,
    DipToWhite,
    PushLeft,
    PushUp,
    WipeRight,
    WipeDown,
    Iris,
    Whip,
    ZoomThrough,
    FilmBurn,
    Glitch
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A row of the table in `docs/plan.md`.
    fn row(kind: &str, parameters: &[Parameter], doc: &str) -> String {
        let parameters: Vec<String> = parameters.iter().map(Parameter::words).collect();
        let parameters = if parameters.is_empty() {
            "–".into()
        } else {
            parameters.join("; ")
        };
        format!("| `{kind}` | {parameters} | {doc} |")
    }

    #[test]
    fn the_documentation_has_a_row_for_each_effect_and_transition() {
        let docs = include_str!("../../docs/plan.md");
        let effects = Effect::ALL
            .iter()
            .map(|facts| row(facts.kind, facts.parameters, facts.doc));
        let transitions = TransitionEffect::ALL
            .iter()
            .map(|facts| row(facts.kind, &[], facts.doc));
        for row in effects.chain(transitions) {
            assert!(docs.contains(&row), "docs/plan.md lacks this row:\n{row}");
        }
    }

    #[test]
    fn the_facts_of_an_effect_match_its_json() {
        for facts in Effect::ALL {
            let values = facts
                .parameters
                .iter()
                .map(|parameter| (parameter.name, 0.25));
            let mut written: serde_json::Map<_, _> = values
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect();
            written.insert("kind".into(), facts.kind.into());
            let effect: Effect = serde_json::from_value(written.into()).unwrap();
            assert_eq!(effect.facts(), *facts);
            let json = serde_json::to_value(&effect).unwrap();
            assert_eq!(json["kind"], effect.facts().kind);
            for (parameter, value) in effect.parameters() {
                assert_eq!(json[parameter.name], value, "{}", parameter.name);
            }
            assert_eq!(
                json.as_object().unwrap().len(),
                1 + effect.facts().parameters.len()
            );
        }
    }
}
