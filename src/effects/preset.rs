//! Named effects: one or more effects, or a transition, with values that look right. They are TOML presets compiled into
//! the program (`tastemaker.effect/1`).

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::effects::list::{Effect, TransitionEffect};
use crate::effects::parameter::ParameterRange;
use crate::effects::segment::{BackgroundBlur, BackgroundColor};
use crate::error::{Error, Result};
use crate::preset::{self, Preset};

/// The schema of the files.
const SCHEMA: &str = "tastemaker.effect/1";
/// The key of the moment, which a preset leaves open.
const MOMENT: &str = "at";
/// Seconds of a transition: shorter ones are cuts, longer ones hold a film up.
const SECONDS: std::ops::RangeInclusive<f64> = 0.1..=3.0;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/presets/effects");
static PRESETS: LazyLock<Result<Vec<EffectPreset>>> = LazyLock::new(|| preset::read_all(&FILES));

/// An effect or a transition by name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectPreset {
    /// The file name without extension.
    #[serde(skip)]
    pub id: String,
    schema: String,
    /// What is seen, in one sentence.
    pub summary: String,
    /// What it is good for.
    pub suits: String,
    #[serde(default, rename = "effect")]
    effects: Vec<toml::Table>,
    /// The transition, where it is one.
    pub transition: Option<PresetTransition>,
}

/// A transition and how long it takes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetTransition {
    /// What happens.
    pub kind: TransitionEffect,
    /// Seconds, half of them on either side of the cut.
    pub seconds: f64,
}

impl EffectPreset {
    /// All of them, by id.
    pub fn all() -> Result<&'static [Self]> {
        preset::all(&PRESETS)
    }

    /// By id, such as `whip`. Fails with [`Error::UnknownName`].
    pub fn find(id: &str) -> Result<&'static Self> {
        preset::find(Self::all()?, "effect", id)
    }

    /// Its effects at second `at` of the source, which lies in the segment. None where it is a transition.
    pub fn effects_at(&self, at: f64) -> Result<Vec<Effect>> {
        let all = self.effects.iter().map(|table| effect_at(table, at));
        all.collect::<std::result::Result<_, _>>()
            .map_err(|what| self.error(&what))
    }

    /// Whether it looks for people, which takes networks.
    pub fn looks_for_people(&self) -> bool {
        let looking = [BackgroundBlur::FACTS.kind, BackgroundColor::FACTS.kind];
        self.kinds().iter().any(|kind| looking.contains(kind))
    }

    /// The kinds that it is made of, as plans write them.
    pub fn kinds(&self) -> Vec<&'static str> {
        let transition = self.transition.map(|transition| {
            let facts = transition.kind.as_layer_transition().facts();
            facts.kind
        });
        let effects = self.effects_at(0.0).unwrap_or_default();
        let kinds = effects.iter().map(|effect| effect.facts().kind);
        transition.into_iter().chain(kinds).collect()
    }

    /// The first thing that is wrong with it.
    fn problem(&self) -> Option<String> {
        if self.schema != SCHEMA {
            return Some(format!("the schema is {:?}, not {SCHEMA}", self.schema));
        }
        if self.effects.is_empty() == self.transition.is_none() {
            return Some("write either effects or one transition".into());
        }
        if let Some(transition) = &self.transition
            && !SECONDS.contains(&transition.seconds)
        {
            let (least, most) = (SECONDS.start(), SECONDS.end());
            return Some(format!("seconds must be {least} to {most}"));
        }
        let problems = self.effects.iter().filter_map(|table| {
            if table.contains_key(MOMENT) {
                return Some(format!("`{MOMENT}` is the moment's, not the preset's"));
            }
            let effect = match effect_at(table, 0.0) {
                Ok(effect) => effect,
                Err(what) => return Some(what),
            };
            let outside = |(parameter, value): (&crate::effects::Parameter, f64)| {
                let (least, most) = match parameter.range {
                    ParameterRange::Between(least, most) => (least, most),
                    ParameterRange::WithinSegment => return None,
                };
                let name = parameter.name;
                (!(least..=most).contains(&value))
                    .then(|| format!("`{name}` must be {least} to {most}"))
            };
            effect.parameters().find_map(outside)
        });
        problems.into_iter().next()
    }

    fn error(&self, what: &str) -> Error {
        let path = Path::new(Self::FOLDER).join(format!("{}.toml", self.id));
        Error::document(&path, "", 0, what.to_owned())
    }
}

impl Preset for EffectPreset {
    const FOLDER: &'static str = "presets/effects";

    fn id(&self) -> &str {
        &self.id
    }

    fn parse(text: &str, path: &Path, id: &str) -> Result<Self> {
        let mut preset: Self =
            toml::from_str(text).map_err(|error| Error::toml(path, text, &error))?;
        preset.id = id.to_owned();
        match preset.problem() {
            None => Ok(preset),
            Some(what) => Err(Error::document(path, text, 0, what)),
        }
    }
}

/// An effect with the values of `table` at second `at` of the source.
fn effect_at(table: &toml::Table, at: f64) -> std::result::Result<Effect, String> {
    let kind = table.get("kind").and_then(toml::Value::as_str);
    let facts = Effect::ALL.iter().find(|facts| Some(facts.kind) == kind);
    let takes_moment = facts.is_some_and(|facts| {
        let mut parameters = facts.parameters.iter();
        parameters.any(|parameter| parameter.name == MOMENT)
    });
    let mut table = table.clone();
    if takes_moment {
        table.insert(MOMENT.into(), toml::Value::Float(at));
    }
    table
        .try_into()
        .map_err(|error: toml::de::Error| error.message().to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_read_and_every_kind_has_one() {
        let presets = EffectPreset::all().unwrap();
        let shown: Vec<&str> = presets.iter().flat_map(EffectPreset::kinds).collect();
        let effects = Effect::ALL.iter().map(|facts| facts.kind);
        let transitions = TransitionEffect::ALL.iter().map(|facts| facts.kind);
        for kind in effects.chain(transitions) {
            assert!(shown.contains(&kind), "no preset shows {kind}");
        }
    }

    #[test]
    fn presets_that_cannot_be_meant_are_refused() {
        let read = |rest: &str| {
            let text = format!("schema = \"{SCHEMA}\"\nsummary = \"\"\nsuits = \"\"\n{rest}");
            EffectPreset::parse(&text, Path::new("a.toml"), "a")
        };
        assert!(read("[[effect]]\nkind = \"flash\"\namount = 0.5").is_ok());
        for (wrong, said) in [
            ("", "either effects or one transition"),
            (
                "[[effect]]\nkind = \"flash\"\namount = 1.5",
                "`amount` must be 0 to 1",
            ),
            (
                "[[effect]]\nkind = \"flash\"\namount = 0.5\nat = 1.0",
                "the moment's",
            ),
            ("[[effect]]\nkind = \"flesh\"\namount = 0.5", "flesh"),
            ("[[effect]]\nkind = \"shake\"", "amount"),
            (
                "[transition]\nkind = \"whip\"\nseconds = 9.0",
                "seconds must be",
            ),
        ] {
            let message = read(wrong).unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
        }
    }
}
