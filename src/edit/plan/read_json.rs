//! Reads a plan that a person may have edited. It is strict, and every error names the line and the field.

use std::path::Path;

use serde::Deserialize;

use crate::edit::plan::checks::checked;
use crate::edit::plan::json_path::{offset_of, path_at};
use crate::edit::plan::text::PlanText;
use crate::edit::{PLAN_SCHEMA, Plan};
use crate::error::{Error, Result};

impl Plan {
    /// Reads and checks a plan. `path` is named in errors; relative paths of sources stay relative.
    ///
    /// Errors: [`Error::Document`] with the line and the field.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        check_schema(text, path)?;
        let plan: PlanText =
            serde_json::from_str(text).map_err(|error| syntax(text, path, &error))?;
        checked(plan).map_err(|(field, what)| {
            let offset = offset_of(text, &field);
            Error::document(path, text, offset, format!("{field}: {what}"))
        })
    }
}

/// Without this check, a plan of another version would fail at an arbitrary field.
fn check_schema(text: &str, path: &Path) -> Result<()> {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<serde_json::Value>,
    }
    let head: Head = serde_json::from_str(text).map_err(|error| syntax(text, path, &error))?;
    let what = match &head.schema {
        Some(serde_json::Value::String(schema)) if schema == PLAN_SCHEMA => return Ok(()),
        Some(other) => format!("schema: is {other}, but this version reads \"{PLAN_SCHEMA}\""),
        None => format!("schema: is missing; this version reads \"{PLAN_SCHEMA}\""),
    };
    let offset = offset_of(text, "schema");
    Err(Error::document(path, text, offset, what))
}

fn syntax(text: &str, path: &Path, error: &serde_json::Error) -> Error {
    let mut what = error.to_string();
    if let Some(end) = what.rfind(" at line ") {
        what.truncate(end);
    }
    let before: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let here = before + error.column();
    let field = if what.starts_with("missing field") {
        // serde reports a missing field at the closing brace of its object.
        path_at(text, here.saturating_sub(1)).1
    } else if what.starts_with("unknown field") {
        path_at(text, here).1
    } else {
        path_at(text, here).0
    };
    if !field.is_empty() {
        what = format!("{field}: {what}");
    }
    Error::Document {
        path: path.into(),
        line: error.line().max(1),
        column: error.column().max(1),
        what,
    }
}
