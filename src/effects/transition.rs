//! How a segment begins: with a cut, or with a transition that takes time.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::effects::list::TransitionEffect;
use crate::time::Rational;

/// How a cut is written in a plan.
const CUT: &str = "cut";
/// A duration written without its exact fraction is rounded to this many parts of a second.
const PARTS_OF_A_SECOND: u32 = 1_000_000;

/// How a segment begins.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum SegmentTransition {
    /// At once.
    #[default]
    Cut,
    /// Over a while, centered on the cut.
    Timed(TimedTransition),
}

/// A transition and its duration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TimedTransition {
    /// What happens.
    pub kind: TransitionEffect,
    /// Seconds, half of them on either side of the cut.
    pub duration: f64,
    /// The exact duration: a whole number of frames.
    pub duration_exact: Rational,
}

impl SegmentTransition {
    /// The transition, unless it is a cut.
    pub fn timed(&self) -> Option<&TimedTransition> {
        match self {
            Self::Cut => None,
            Self::Timed(timed) => Some(timed),
        }
    }
}

impl TimedTransition {
    /// Seconds on either side of the cut: the handle that both sources need.
    pub fn half(&self) -> Rational {
        self.duration_exact * Rational::new(1, 2).unwrap_or(Rational::ONE)
    }
}

/// A transition as a person may write it: the exact duration is optional.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum TransitionText {
    /// `"cut"`.
    #[default]
    Cut,
    /// `{"kind": …, "duration": …}`.
    Timed {
        /// What happens.
        kind: TransitionEffect,
        /// Seconds.
        duration: f64,
        /// The same, exactly.
        duration_exact: Option<Rational>,
    },
}

impl<'de> Deserialize<'de> for TransitionText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TransitionVisitor)
    }
}

struct TransitionVisitor;

impl<'de> Visitor<'de> for TransitionVisitor {
    type Value = TransitionText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("\"cut\" or an object with `kind` and `duration`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<TransitionText, E> {
        if name == CUT {
            return Ok(TransitionText::Cut);
        }
        if TransitionEffect::ALL.iter().any(|facts| facts.kind == name) {
            return Err(E::custom(format!(
                "`{name}` takes time: write {{\"kind\": \"{name}\", \"duration\": 0.5}}"
            )));
        }
        Err(E::unknown_variant(name, &[CUT]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TransitionText, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            kind: TransitionEffect,
            duration: f64,
            duration_exact: Option<Rational>,
        }
        let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
        Ok(TransitionText::Timed {
            kind: fields.kind,
            duration: fields.duration,
            duration_exact: fields.duration_exact,
        })
    }
}

impl<'de> Deserialize<'de> for SegmentTransition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TransitionText::deserialize(deserializer)? {
            TransitionText::Cut => Self::Cut,
            TransitionText::Timed {
                kind,
                duration,
                duration_exact,
            } => Self::Timed(TimedTransition {
                kind,
                duration,
                duration_exact: duration_exact
                    .unwrap_or_else(|| Rational::nearest(duration, PARTS_OF_A_SECOND)),
            }),
        })
    }
}

impl Serialize for SegmentTransition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cut => serializer.serialize_str(CUT),
            Self::Timed(timed) => timed.serialize(serializer),
        }
    }
}

impl JsonSchema for SegmentTransition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SegmentTransition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let timed = generator.subschema_for::<TimedTransition>();
        json_schema!({
            "description": "How a segment begins: with a cut, or over a while that is centered on the cut.",
            "oneOf": [{ "const": CUT }, timed]
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SegmentTransition, String> {
        serde_json::from_str(text).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_cut_is_a_word_and_a_dissolve_is_an_object() {
        assert_eq!(read("\"cut\""), Ok(SegmentTransition::Cut));
        let text = r#"{"kind":"dissolve","duration":0.5,"duration_exact":"1/2"}"#;
        let dissolve = read(text).unwrap();
        assert_eq!(
            dissolve.timed().unwrap().half(),
            Rational::new(1, 4).unwrap()
        );
        assert_eq!(serde_json::to_string(&dissolve).unwrap(), text);
        let short = read(r#"{"kind":"dissolve","duration":0.5}"#).unwrap();
        assert_eq!(short, dissolve);
        let cut = serde_json::to_string(&SegmentTransition::Cut).unwrap();
        assert_eq!(cut, "\"cut\"");
    }

    #[test]
    fn what_is_no_transition_is_refused() {
        let refused = |text: &str| read(text).unwrap_err();
        assert!(refused("\"wipe\"").contains("unknown variant `wipe`"));
        assert!(refused("\"dissolve\"").contains("takes time"));
        assert!(refused("1").contains("\"cut\" or an object"));
        assert!(refused(r#"{"kind":"dissolve"}"#).contains("missing field `duration`"));
        assert!(refused(r#"{"kind":"spin","duration":1}"#).contains("unknown variant `spin`"));
        assert!(refused(r#"{"kind":"dissolve","duration":1,"x":1}"#).contains("unknown field `x`"));
    }
}
