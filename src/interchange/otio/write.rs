//! Writes OpenTimelineIO's JSON.

use serde_json::{Map, Value, json};

use crate::edit::Segment;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::interchange::loss::{LossBook, LostPart, is_cropped};
use crate::interchange::otio::keys::{
    CARRIED, KIND, MEDIA_METADATA, OURS, PLAN, SEGMENT, TRANSITION,
};
use crate::interchange::otio::times::{range_json, time_json};
use crate::interchange::sequence::{
    SequenceClip, SequenceItem, SequenceMarker, SequenceTrack, SequenceTransition, TrackContent,
};
use crate::interchange::write_request::WriteRequest;
use crate::time::Rational;

/// The timeline as JSON.
pub(in crate::interchange) fn write(
    request: &WriteRequest<'_>,
    losses: &mut LossBook,
) -> Result<String> {
    let rate = request.rate();
    let sequence = request.sequence;
    let tracks: Vec<Value> = sequence
        .tracks
        .iter()
        .map(|track| track_json(track, request))
        .collect();
    let markers: Vec<Value> = sequence
        .markers
        .iter()
        .map(|marker| marker_json(marker, rate))
        .collect();
    let kept = kept(sequence.carried.as_ref());
    let plan = serde_json::to_value(request.plan).map_err(fault)?;
    let mut timeline = json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": sequence.name,
        "global_start_time": null,
        "metadata": metadata(kept, &[(PLAN, plan)]),
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "name": "tracks",
            "enabled": true,
            "source_range": null,
            "metadata": {},
            "effects": [],
            "markers": markers,
            "children": tracks,
        },
    });
    if let Some(start) = kept.and_then(|kept| kept.get("global_start_time")) {
        timeline["global_start_time"] = start.clone();
    }
    note_what_only_we_read(request, losses);
    let text = serde_json::to_string_pretty(&timeline).map_err(fault)?;
    Ok(text + "\n")
}

fn fault(problem: serde_json::Error) -> Error {
    Error::Nothing {
        what: format!("the timeline cannot be written as JSON: {problem}"),
        hint: Hint::ReportFault,
    }
}

/// What a plan carries of this format.
fn kept(carried: Option<&Value>) -> Option<&Map<String, Value>> {
    carried?.get(CARRIED)?.as_object()
}

/// The metadata that is carried, with ours beside it.
fn metadata(kept: Option<&Map<String, Value>>, ours: &[(&str, Value)]) -> Value {
    let mut metadata = match kept.and_then(|kept| kept.get("metadata")) {
        Some(Value::Object(metadata)) => metadata.clone(),
        _ => Map::new(),
    };
    let ours: Map<String, Value> = ours
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    metadata.insert(OURS.into(), Value::Object(ours));
    Value::Object(metadata)
}

fn track_json(track: &SequenceTrack, request: &WriteRequest<'_>) -> Value {
    let rate = request.rate();
    let children: Vec<Value> = track
        .items
        .iter()
        .filter_map(|item| match item {
            SequenceItem::Clip(clip) => Some(clip_json(clip, request)),
            SequenceItem::Gap(duration) => Some(json!({
                "OTIO_SCHEMA": "Gap.1",
                "name": "",
                "enabled": true,
                "source_range": range_json(Rational::ZERO, *duration, rate),
                "metadata": {},
                "effects": [],
                "markers": [],
            })),
            SequenceItem::Transition(transition) => Some(transition_json(transition, rate)),
            // A plan has none.
            SequenceItem::Nested { .. } => None,
        })
        .collect();
    let (kind, name) = match track.content {
        TrackContent::Picture => ("Video", "V1"),
        TrackContent::Sound => ("Audio", "A"),
    };
    json!({
        "OTIO_SCHEMA": "Track.1",
        "name": name,
        "kind": kind,
        "enabled": track.enabled,
        "source_range": null,
        "metadata": {},
        "effects": [],
        "markers": [],
        "children": children,
    })
}

fn clip_json(clip: &SequenceClip, request: &WriteRequest<'_>) -> Value {
    let rate = request.rate();
    let kept = kept(clip.carried.as_ref());
    let mut effects = Vec::new();
    if clip.speed != Rational::ONE {
        effects.push(json!({
            "OTIO_SCHEMA": "LinearTimeWarp.1",
            "name": "",
            "effect_name": "LinearTimeWarp",
            "time_scalar": clip.speed.seconds(),
            "metadata": {},
        }));
    }
    if let Some(Value::Array(others)) = kept.and_then(|kept| kept.get("effects")) {
        effects.extend(others.iter().cloned());
    }
    let mut ours = Vec::new();
    if let Some(number) = clip.segment {
        ours.push((SEGMENT, json!(number)));
    }
    json!({
        "OTIO_SCHEMA": "Clip.2",
        "name": clip.name,
        "enabled": clip.enabled,
        "source_range": range_json(clip.start, clip.duration, rate),
        "metadata": metadata(kept, &ours),
        "effects": effects,
        "markers": [],
        "active_media_reference_key": "DEFAULT_MEDIA",
        "media_references": { "DEFAULT_MEDIA": reference_json(clip, request) },
    })
}

fn reference_json(clip: &SequenceClip, request: &WriteRequest<'_>) -> Value {
    let Some(medium) = request.medium(clip) else {
        return json!({ "OTIO_SCHEMA": "MissingReference.1", "name": clip.name, "metadata": {} });
    };
    let rate = request.rate();
    let available = medium
        .facts
        .duration
        .filter(|_| !medium.is_still())
        .map(|duration| range_json(Rational::ZERO, duration, rate));
    let kept = kept(clip.carried.as_ref()).and_then(|kept| kept.get(MEDIA_METADATA));
    json!({
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": medium.name,
        "target_url": request.relative_url(medium),
        "available_range": available,
        "metadata": kept.cloned().unwrap_or_else(|| json!({})),
    })
}

fn transition_json(transition: &SequenceTransition, rate: Rational) -> Value {
    let kind = if transition.kind == "dissolve" {
        "SMPTE_Dissolve"
    } else {
        "Custom_Transition"
    };
    json!({
        "OTIO_SCHEMA": "Transition.1",
        "name": transition.kind,
        "transition_type": kind,
        "in_offset": time_json(transition.before, rate),
        "out_offset": time_json(transition.after, rate),
        "metadata": { OURS: { TRANSITION: transition.kind } },
    })
}

fn marker_json(marker: &SequenceMarker, rate: Rational) -> Value {
    json!({
        "OTIO_SCHEMA": "Marker.2",
        "name": marker.text,
        "color": "GREEN",
        "marked_range": range_json(marker.at, Rational::ZERO, rate),
        "metadata": { OURS: { KIND: marker.kind } },
    })
}

/// Other programs read neither crops nor looks, effects, captions and gains in our metadata. They are kept, so they are
/// noted without being counted as lost.
fn note_what_only_we_read(request: &WriteRequest<'_>, losses: &mut LossBook) {
    let plan = request.plan;
    let cropped = |segment: &Segment| is_cropped(&segment.crop);
    let parts = [
        ("crops", plan.picture.iter().any(cropped)),
        ("looks", plan.picture.iter().any(|each| each.look.is_some())),
        (
            "effects",
            plan.picture.iter().any(|each| !each.effects.is_empty()),
        ),
        ("captions", !plan.captions.is_empty()),
        ("gains", !plan.sound.is_empty()),
    ];
    for (what, _) in parts.iter().filter(|(_, has)| *has) {
        let instead = "in the metadata, which only this program reads";
        losses.note(LostPart::Other, *what, "the timeline", instead);
    }
}
