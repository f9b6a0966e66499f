//! The JSON Schema of each document that other programs build on, made from the type that is serialized.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::analysis::{ANALYSIS_SCHEMA, Analysis};
use crate::edit::{PLAN_SCHEMA, Plan};
use crate::error::{Error, Result};
use crate::interchange::LOSS_SCHEMA;
use crate::jobs::TimelineReport;
use crate::jobs::asking::{ASKED_SCHEMA, AskedDocument};
use crate::jobs::catalog::{TRACK_SCHEMA, TrackDocument};
use crate::jobs::event_lines::{ERROR_SCHEMA, ErrorLine, NOTICE_SCHEMA, NoticeLine};
use crate::jobs::ingest::{INGESTED_SCHEMA, Ingested};
use crate::jobs::shorts::{SHORT_SCHEMA, ShortDocument};
use crate::suggest::{SUGGESTIONS_SCHEMA, Suggestions};

/// The documents that have a schema.
pub const DOCUMENT_SCHEMAS: [&str; 10] = [
    ANALYSIS_SCHEMA,
    ASKED_SCHEMA,
    ERROR_SCHEMA,
    INGESTED_SCHEMA,
    LOSS_SCHEMA,
    NOTICE_SCHEMA,
    PLAN_SCHEMA,
    SHORT_SCHEMA,
    SUGGESTIONS_SCHEMA,
    TRACK_SCHEMA,
];

/// The schema of the document called `name`, such as `analysis` or `tastemaker.analysis/1`.
///
/// Errors: `UnknownName`.
pub fn json_schema(name: &str) -> Result<Value> {
    let is_named = |known: &&&str| **known == name || short(known) == name;
    Ok(match DOCUMENT_SCHEMAS.iter().find(is_named) {
        Some(&ANALYSIS_SCHEMA) => schema::<Analysis>(ANALYSIS_SCHEMA),
        Some(&ASKED_SCHEMA) => schema::<AskedDocument<'_>>(ASKED_SCHEMA),
        Some(&PLAN_SCHEMA) => schema::<Plan>(PLAN_SCHEMA),
        Some(&SHORT_SCHEMA) => schema::<ShortDocument>(SHORT_SCHEMA),
        Some(&SUGGESTIONS_SCHEMA) => schema::<Suggestions>(SUGGESTIONS_SCHEMA),
        Some(&ERROR_SCHEMA) => schema::<ErrorLine>(ERROR_SCHEMA),
        Some(&INGESTED_SCHEMA) => schema::<Ingested>(INGESTED_SCHEMA),
        Some(&LOSS_SCHEMA) => schema::<TimelineReport>(LOSS_SCHEMA),
        Some(&NOTICE_SCHEMA) => schema::<NoticeLine>(NOTICE_SCHEMA),
        Some(&TRACK_SCHEMA) => schema::<TrackDocument>(TRACK_SCHEMA),
        _ => {
            return Err(Error::UnknownName {
                kind: "document",
                name: name.into(),
                known: DOCUMENT_SCHEMAS.map(|known| short(known).into()).into(),
            });
        }
    })
}

/// `analysis` of `tastemaker.analysis/1`.
fn short(name: &str) -> &str {
    let bare = name.strip_prefix("tastemaker.").unwrap_or(name);
    bare.split_once('/').map_or(bare, |(bare, _)| bare)
}

/// JSON Schema, draft 2020-12, of a document as it is written, whose `schema` key is `name`.
fn schema<T: JsonSchema>(name: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    without_null(&mut schema);
    if let Some(key) = schema.pointer_mut("/properties/schema") {
        *key = json!({"const": name});
    }
    schema
}

/// What is absent is absent, never null: takes the null out of what may be absent.
fn without_null(schema: &mut Value) {
    let null = json!({"type": "null"});
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(kinds)) = object.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [kind] = &kinds[..] {
                    let kind = kind.clone();
                    object.insert("type".into(), kind);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| *choice != null);
                if let [Value::Object(only)] = &mut choices[..] {
                    let only = std::mem::take(only);
                    object.remove("anyOf");
                    object.extend(only);
                }
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(list) => list.iter_mut().for_each(without_null),
        _ => {}
    }
}
