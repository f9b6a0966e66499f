//! What an object of OpenTimelineIO holds that a plan has no place for.

use serde_json::{Map, Value, json};

use crate::interchange::otio::keys::{CARRIED, CARRIED_KEYS, MEDIA_METADATA, OURS};

/// The name of an object's schema, without its version.
pub(super) fn schema(value: &Value) -> &str {
    let name = value.get("OTIO_SCHEMA").and_then(Value::as_str);
    let name = name.unwrap_or_default();
    name.split_once('.').map_or(name, |(name, _)| name)
}

/// The active reference of a clip, in either version of the schema.
pub(super) fn reference(clip: &Value) -> Option<&Value> {
    if let Some(reference) = clip.get("media_reference") {
        return Some(reference);
    }
    let key = clip
        .get("active_media_reference_key")
        .and_then(Value::as_str);
    let references = clip.get("media_references")?;
    references.get(key.unwrap_or("DEFAULT_MEDIA"))
}

/// What an object holds that a plan has no place for.
pub(super) fn carried(value: &Value) -> Option<Value> {
    let mut kept = Map::new();
    for key in CARRIED_KEYS {
        let part = match value.get(key) {
            Some(Value::Object(metadata)) if key == "metadata" => {
                let mut metadata = metadata.clone();
                metadata.remove(OURS);
                Value::Object(metadata)
            }
            Some(Value::Array(parts)) => {
                let known =
                    |part: &&Value| !matches!(schema(part), "LinearTimeWarp" | "FreezeFrame");
                Value::Array(parts.iter().filter(known).cloned().collect())
            }
            Some(other) => other.clone(),
            None => Value::Null,
        };
        let is_empty = match &part {
            Value::Null => true,
            Value::Array(parts) => parts.is_empty(),
            Value::Object(parts) => parts.is_empty(),
            _ => false,
        };
        if !is_empty {
            kept.insert(key.into(), part);
        }
    }
    let metadata = reference(value).and_then(|reference| reference.get("metadata"));
    if let Some(Value::Object(metadata)) = metadata
        && !metadata.is_empty()
    {
        kept.insert(MEDIA_METADATA.into(), Value::Object(metadata.clone()));
    }
    (!kept.is_empty()).then(|| json!({ CARRIED: kept }))
}
