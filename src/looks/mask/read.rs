//! Reads the masks of a step; every error has a line and a column.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::looks::diagnostic::Diagnostic;
use crate::looks::mask::{Mask, MaskShape};

/// The keys of every mask besides its shape.
#[derive(Deserialize)]
struct CommonKeys {
    #[serde(default)]
    invert: bool,
    #[serde(default = "CommonKeys::default_amount")]
    amount: f64,
}

impl CommonKeys {
    fn default_amount() -> f64 {
        100.0
    }
}

/// One table, or a list of them.
pub(in crate::looks) fn read_masks(value: Spanned<DeValue<'_>>) -> Result<Vec<Mask>, Diagnostic> {
    match value.get_ref() {
        DeValue::Array(_) => {
            let span = value.span();
            let DeValue::Array(listed) = value.into_inner() else {
                return Err(Diagnostic::new(span, "mask is a table with a kind"));
            };
            if listed.is_empty() {
                return Err(Diagnostic::new(span, "mask is an empty list"));
            }
            listed.into_iter().map(read_mask).collect()
        }
        _ => Ok(vec![read_mask(value)?]),
    }
}

fn read_mask(value: Spanned<DeValue<'_>>) -> Result<Mask, Diagnostic> {
    let span = value.span();
    let DeValue::Table(mut table) = value.into_inner() else {
        return Err(Diagnostic::new(
            span,
            "a mask is a table with a kind, or a list of them",
        ));
    };
    let Some(kind) = table.remove("kind") else {
        return Err(Diagnostic::new(span, "a mask needs a kind"));
    };
    let kind_span = kind.span();
    let DeValue::String(kind) = kind.into_inner() else {
        return Err(Diagnostic::new(kind_span, "kind is a word in quotes"));
    };
    let mut shared = DeTable::new();
    for name in ["invert", "amount"] {
        if let Some((key, value)) = table.remove_entry(name) {
            shared.insert(key, value);
        }
    }
    let rest = values(table, &span);
    let shape = match &*kind {
        "subject" => MaskShape::Subject(Deserialize::deserialize(rest)?),
        "person" => MaskShape::Person(Deserialize::deserialize(rest)?),
        "sky" => MaskShape::Sky(Deserialize::deserialize(rest)?),
        "luma" => MaskShape::Luma(Deserialize::deserialize(rest)?),
        "hue" => MaskShape::Hue(Deserialize::deserialize(rest)?),
        "linear" => MaskShape::Linear(Deserialize::deserialize(rest)?),
        "radial" => MaskShape::Radial(Deserialize::deserialize(rest)?),
        other => {
            return Err(Diagnostic::new(
                kind_span,
                format!(
                    "there is no mask of kind {other:?}; kinds are subject, person, sky, luma, hue, linear, radial"
                ),
            ));
        }
    };
    let CommonKeys { invert, amount } = CommonKeys::deserialize(values(shared, &span))?;
    Ok(Mask {
        shape,
        invert,
        amount,
    })
}

fn values<'a>(table: DeTable<'a>, span: &Range<usize>) -> ValueDeserializer<'a> {
    ValueDeserializer::from(Spanned::new(span.clone(), DeValue::Table(table)))
}
