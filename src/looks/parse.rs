//! Reads and writes look files (`tastemaker.look/1`); every error has a line and a column.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::error::{Error, Result};
use crate::looks::check::{ParameterKey, Problem};
use crate::looks::diagnostic::Diagnostic;
use crate::looks::look::Look;
use crate::looks::mask::read_masks;
use crate::looks::steps::{LookStep, MaskedStep};

/// The schema this version reads.
const SCHEMA: &str = "tastemaker.look/1";

/// All keys of a file but its steps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    schema: Spanned<String>,
    summary: Spanned<String>,
    family: Spanned<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    mood: Vec<String>,
    #[serde(default)]
    suits: String,
    #[serde(default)]
    avoid: String,
    #[serde(default = "Head::default_strength")]
    strength: Spanned<(f64, f64)>,
    #[serde(default)]
    replace: Vec<Spanned<String>>,
}

impl Head {
    fn default_strength() -> Spanned<(f64, f64)> {
        Spanned::new(0..0, (0.0, 1.0))
    }
}

impl Look {
    /// Parses the look `id` from the text of the file `path`.
    ///
    /// Fails with [`Error::Document`] on anything but a complete, valid `tastemaker.look/1`. Unknown keys are refused,
    /// since a misspelled one would silently change nothing.
    pub fn parse(id: &str, path: &Path, text: &str) -> Result<Self> {
        read(id, text).map_err(|wrong| {
            let start = wrong.span.start.min(text.len());
            let before = text.get(..start).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            Error::Document {
                path: path.into(),
                line: before.matches('\n').count() + 1,
                column: line.chars().count() + 1,
                what: wrong.what,
            }
        })
    }

    /// The text of a file from which [`Self::parse`] reads this look.
    pub fn to_toml(&self) -> Result<String> {
        #[derive(Serialize)]
        struct File<'a> {
            schema: &'static str,
            summary: &'a str,
            family: &'a str,
            tags: &'a [String],
            mood: &'a [String],
            suits: &'a str,
            avoid: &'a str,
            strength: (f64, f64),
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            replace: &'a [String],
            #[serde(rename = "step", skip_serializing_if = "<[_]>::is_empty")]
            steps: &'a [LookStep],
        }
        toml::to_string(&File {
            schema: SCHEMA,
            summary: &self.summary,
            family: &self.family,
            tags: &self.tags,
            mood: &self.mood,
            suits: &self.suits,
            avoid: &self.avoid,
            strength: self.strength,
            replace: &self.replace,
            steps: &self.steps,
        })
        .map_err(|problem| Error::encode(format!("{}.toml", self.id), problem))
    }
}

fn read(id: &str, text: &str) -> Result<Look, Diagnostic> {
    let mut table = DeTable::parse(text)?.into_inner();
    let listed = table.remove("step");
    let whole = Spanned::new(0..0, DeValue::Table(table));
    let head = Head::deserialize(ValueDeserializer::from(whole))?;
    if head.schema.get_ref() != SCHEMA {
        return Err(Diagnostic::new(
            head.schema.span(),
            format!(
                "schema is {:?}, but this version reads {SCHEMA:?}",
                head.schema.get_ref()
            ),
        ));
    }
    for (name, value) in [("summary", &head.summary), ("family", &head.family)] {
        if value.get_ref().trim().is_empty() {
            return Err(Diagnostic::new(value.span(), format!("{name} is empty")));
        }
    }
    let (least, most) = *head.strength.get_ref();
    if !(0.0 <= least && least <= most && most <= 2.0) {
        return Err(Diagnostic::new(
            head.strength.span(),
            "strength must be two numbers from 0 to 2, the smaller one first",
        ));
    }
    for kind in &head.replace {
        if !LookStep::KINDS.contains(&kind.get_ref().as_str()) {
            return Err(unknown_kind(kind.span(), kind.get_ref()));
        }
    }
    let replace = head.replace.into_iter().map(Spanned::into_inner);
    Ok(Look {
        id: id.into(),
        summary: head.summary.into_inner(),
        family: head.family.into_inner(),
        tags: head.tags,
        mood: head.mood,
        suits: head.suits,
        avoid: head.avoid,
        strength: (least, most),
        replace: replace.collect(),
        steps: listed.map_or_else(|| Ok(vec![]), read_steps)?,
    })
}

fn unknown_kind(span: Range<usize>, kind: &str) -> Diagnostic {
    let known = LookStep::KINDS.join(", ");
    Diagnostic::new(
        span,
        format!("there is no step of kind {kind:?}; kinds are {known}"),
    )
}

fn read_steps(listed: Spanned<DeValue<'_>>) -> Result<Vec<LookStep>, Diagnostic> {
    let span = listed.span();
    let DeValue::Array(listed) = listed.into_inner() else {
        return Err(Diagnostic::new(span, "write steps as [[step]]"));
    };
    let mut steps: Vec<LookStep> = vec![];
    for value in listed {
        let text = value.clone();
        let at = |problem: Problem| Diagnostic::new(find(&text, &problem.path), problem.what);
        let step = read_step(value)?;
        step.check().map_err(at)?;
        step.check_order(steps.last()).map_err(at)?;
        steps.push(step);
    }
    Ok(steps)
}

fn read_step(value: Spanned<DeValue<'_>>) -> Result<LookStep, Diagnostic> {
    let span = value.span();
    let DeValue::Table(mut table) = value.into_inner() else {
        return Err(Diagnostic::new(span, "a step is a table with a kind"));
    };
    let Some(kind) = table.remove("kind") else {
        return Err(Diagnostic::new(span, "a step needs a kind"));
    };
    let kind_span = kind.span();
    let DeValue::String(kind) = kind.into_inner() else {
        return Err(Diagnostic::new(kind_span, "kind is a word in quotes"));
    };
    let masks = table.remove("mask").map(read_masks).transpose()?;
    let rest = ValueDeserializer::from(Spanned::new(span, DeValue::Table(table)));
    let step = match LookStep::read(&kind, rest) {
        Some(step) => step?,
        None => return Err(unknown_kind(kind_span, &kind)),
    };
    Ok(match masks {
        Some(masks) => LookStep::Masked(Box::new(MaskedStep { step, masks })),
        None => step,
    })
}

/// The span of the value at `path` below `value`, or of its innermost ancestor in the text.
fn find(value: &Spanned<DeValue<'_>>, path: &[ParameterKey]) -> Range<usize> {
    let Some((key, rest)) = path.split_first() else {
        return value.span();
    };
    let inner = match (value.get_ref(), key) {
        (DeValue::Table(table), ParameterKey::Name(name)) => table.get(*name),
        (DeValue::Array(array), ParameterKey::Number(number)) => array.get(*number),
        _ => None,
    };
    inner.map_or_else(|| value.span(), |inner| find(inner, rest))
}
