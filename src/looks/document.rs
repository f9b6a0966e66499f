//! The shape of a look file (`tastemaker.look/1`), and reading it so that every complaint has a line and a column.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::error::{Error, Result};
use crate::looks::LookStep;
use crate::looks::check::{Key, Problem};
use crate::looks::mask::{MaskedStep, read_masks};

/// The schema this version reads.
const SCHEMA: &str = "tastemaker.look/1";

/// A parsed look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Look {
    /// Stable id: the file name without extension.
    pub id: String,
    /// One sentence for people.
    pub summary: String,
    /// Family: clean, film, warm, cold …
    pub family: String,
    /// Words to match with.
    pub tags: Vec<String>,
    /// Mood words.
    pub mood: Vec<String>,
    /// When it suits, in words.
    pub suits: String,
    /// When it does not.
    pub avoid: String,
    /// Safe range of strength, within 0..2.
    pub strength: (f64, f64),
    /// Kinds of steps that are taken out of the looks before it where it is stacked on them (`A+B`); all that it has is
    /// appended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replace: Vec<String>,
    /// In order: color steps first, then texture steps as [`LookStep`] lists them.
    #[serde(rename = "step")]
    pub steps: Vec<LookStep>,
}

/// All of a file but its steps.
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

/// What is wrong at a place of the text.
pub(super) struct Complaint {
    span: Range<usize>,
    what: String,
}

impl Complaint {
    pub(super) fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            span,
            what: what.into(),
        }
    }
}

impl From<toml::de::Error> for Complaint {
    fn from(error: toml::de::Error) -> Self {
        let message: Vec<&str> = error.message().lines().map(str::trim).collect();
        Self::new(error.span().unwrap_or(0..0), message.join(", "))
    }
}

impl Look {
    /// The look that does nothing.
    pub fn none() -> Self {
        Self {
            id: "none".into(),
            summary: "Leaves everything as it is.".into(),
            family: "none".into(),
            tags: vec![],
            mood: vec![],
            suits: String::new(),
            avoid: String::new(),
            strength: (0.0, 1.0),
            replace: vec![],
            steps: vec![],
        }
    }

    /// Reads the look `id` from the text of the file `path`.
    ///
    /// Fails with [`Error::Document`] on anything but a whole, valid `tastemaker.look/1`: unknown keys are refused too,
    /// because a misspelled one would silently change nothing.
    pub fn parse(id: &str, path: &Path, text: &str) -> Result<Self> {
        read(id, text).map_err(|complaint| {
            let start = complaint.span.start.min(text.len());
            let before = text.get(..start).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            Error::Document {
                path: path.into(),
                line: before.matches('\n').count() + 1,
                column: line.chars().count() + 1,
                what: complaint.what,
            }
        })
    }

    /// The text of a file that [`Self::parse`] reads as this look.
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

    /// Checks parameters and order of steps that were not read from a file.
    pub(crate) fn check(&self) -> Result<()> {
        let mut before = None;
        for step in &self.steps {
            step.check()
                .and_then(|()| step.check_order(before))
                .map_err(|problem| Error::Usage {
                    what: format!("look {}, step {}: {}", self.id, step.kind(), problem.what),
                    hint: "correct the step".into(),
                })?;
            if let LookStep::Lut(lut) = step.unmasked()
                && lut.table.is_none()
            {
                return Err(Error::Usage {
                    what: format!("look {}: {} has not been read", self.id, lut.file),
                    hint: "open the look by its path, so that the file beside it is found".into(),
                });
            }
            before = Some(step);
        }
        Ok(())
    }
}

fn read(id: &str, text: &str) -> Result<Look, Complaint> {
    let mut table = DeTable::parse(text)?.into_inner();
    let listed = table.remove("step");
    let whole = Spanned::new(0..0, DeValue::Table(table));
    let head = Head::deserialize(ValueDeserializer::from(whole))?;
    if head.schema.get_ref() != SCHEMA {
        return Err(Complaint::new(
            head.schema.span(),
            format!(
                "schema is {:?}, but this version reads {SCHEMA:?}",
                head.schema.get_ref()
            ),
        ));
    }
    for (name, value) in [("summary", &head.summary), ("family", &head.family)] {
        if value.get_ref().trim().is_empty() {
            return Err(Complaint::new(value.span(), format!("{name} is empty")));
        }
    }
    let (least, most) = *head.strength.get_ref();
    if !(0.0 <= least && least <= most && most <= 2.0) {
        return Err(Complaint::new(
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

fn unknown_kind(span: Range<usize>, kind: &str) -> Complaint {
    let known = LookStep::KINDS.join(", ");
    Complaint::new(
        span,
        format!("there is no step of kind {kind:?}; kinds are {known}"),
    )
}

fn read_steps(listed: Spanned<DeValue<'_>>) -> Result<Vec<LookStep>, Complaint> {
    let span = listed.span();
    let DeValue::Array(listed) = listed.into_inner() else {
        return Err(Complaint::new(span, "write steps as [[step]]"));
    };
    let mut steps: Vec<LookStep> = vec![];
    for value in listed {
        let place = value.clone();
        let at = |problem: Problem| Complaint::new(find(&place, &problem.place), problem.what);
        let step = read_step(value)?;
        step.check().map_err(at)?;
        step.check_order(steps.last()).map_err(at)?;
        steps.push(step);
    }
    Ok(steps)
}

fn read_step(value: Spanned<DeValue<'_>>) -> Result<LookStep, Complaint> {
    let span = value.span();
    let DeValue::Table(mut table) = value.into_inner() else {
        return Err(Complaint::new(span, "a step is a table with a kind"));
    };
    let Some(kind) = table.remove("kind") else {
        return Err(Complaint::new(span, "a step needs a kind"));
    };
    let kind_span = kind.span();
    let DeValue::String(kind) = kind.into_inner() else {
        return Err(Complaint::new(kind_span, "kind is a word in quotes"));
    };
    let masks = table.remove("mask").map(read_masks).transpose()?;
    let rest = ValueDeserializer::from(Spanned::new(span, DeValue::Table(table)));
    let step = match &*kind {
        "even" => LookStep::Even(Deserialize::deserialize(rest)?),
        "exposure" => LookStep::Exposure(Deserialize::deserialize(rest)?),
        "white_balance" => LookStep::WhiteBalance(Deserialize::deserialize(rest)?),
        "contrast" => LookStep::Contrast(Deserialize::deserialize(rest)?),
        "tone_curve" => LookStep::ToneCurve(Deserialize::deserialize(rest)?),
        "levels" => LookStep::Levels(Deserialize::deserialize(rest)?),
        "highlights_shadows" => LookStep::HighlightsShadows(Deserialize::deserialize(rest)?),
        "saturation" => LookStep::Saturation(Deserialize::deserialize(rest)?),
        "vibrance" => LookStep::Vibrance(Deserialize::deserialize(rest)?),
        "hsl" => LookStep::Hsl(Deserialize::deserialize(rest)?),
        "split_tone" => LookStep::SplitTone(Deserialize::deserialize(rest)?),
        "channel_mixer" => LookStep::ChannelMixer(Deserialize::deserialize(rest)?),
        "monochrome" => LookStep::Monochrome(Deserialize::deserialize(rest)?),
        "lut" => LookStep::Lut(Deserialize::deserialize(rest)?),
        "fade" => LookStep::Fade(Deserialize::deserialize(rest)?),
        "clarity" => LookStep::Clarity(Deserialize::deserialize(rest)?),
        "sharpen" => LookStep::Sharpen(Deserialize::deserialize(rest)?),
        "soft_focus" => LookStep::SoftFocus(Deserialize::deserialize(rest)?),
        "bloom" => LookStep::Bloom(Deserialize::deserialize(rest)?),
        "vignette" => LookStep::Vignette(Deserialize::deserialize(rest)?),
        "grain" => LookStep::Grain(Deserialize::deserialize(rest)?),
        other => return Err(unknown_kind(kind_span, other)),
    };
    Ok(match masks {
        Some(masks) => LookStep::Masked(Box::new(MaskedStep { step, masks })),
        None => step,
    })
}

/// The span of the value that `place` leads to from `value`, or of the innermost one that is written down.
fn find(value: &Spanned<DeValue<'_>>, place: &[Key]) -> Range<usize> {
    let Some((key, rest)) = place.split_first() else {
        return value.span();
    };
    let inner = match (value.get_ref(), key) {
        (DeValue::Table(table), Key::Name(name)) => table.get(*name),
        (DeValue::Array(array), Key::Number(number)) => array.get(*number),
        _ => None,
    };
    inner.map_or_else(|| value.span(), |inner| find(inner, rest))
}
