//! The parts of a clip of FCPXML that are elements of their own: its time map and its markers.

use crate::edit::MarkerKind;
use crate::interchange::fcpxml::keys::time_of;
use crate::interchange::sequence::SequenceMarker;
use crate::interchange::xml_tree::XmlElement;
use crate::time::Rational;

/// A clip's own time against that of its file.
pub(super) struct TimeMap {
    pub time: Rational,
    pub value: Rational,
    pub speed: Rational,
}

/// The first stretch of a time map: of a ramp, only its first speed.
pub(super) fn time_map(item: &XmlElement) -> Result<Option<TimeMap>, String> {
    let Some(map) = item.child("timeMap") else {
        return Ok(None);
    };
    let mut points = Vec::new();
    for point in map.all("timept").take(2) {
        let time = time_of(point, "time")?.unwrap_or(Rational::ZERO);
        let value = time_of(point, "value")?.unwrap_or(Rational::ZERO);
        points.push((time, value));
    }
    let [(time, value), (later, then)] = points[..] else {
        return Ok(None);
    };
    let Some(slowness) = (later - time).inverse() else {
        return Err("a time map that stands still".into());
    };
    Ok(Some(TimeMap {
        time,
        value,
        speed: (then - value) * slowness,
    }))
}

/// The markers of a clip whose own time begins at `local`.
pub(super) fn markers(item: &XmlElement, local: Rational) -> Result<Vec<SequenceMarker>, String> {
    let mut markers = Vec::new();
    for marker in &item.children {
        let is_chapter = marker.name == "chapter-marker";
        if !is_chapter && marker.name != "marker" {
            continue;
        }
        let start = time_of(marker, "start")?.unwrap_or(local);
        let value = marker.attribute("value").unwrap_or_default();
        let note = marker.attribute("note").unwrap_or_default();
        let kind = serde_json::from_value::<MarkerKind>(note.into()).ok();
        // Markers without text are written as their kind.
        let text = if kind.is_some() && note == value {
            ""
        } else {
            value
        };
        markers.push(SequenceMarker {
            at: start - local,
            kind: if is_chapter {
                Some(MarkerKind::Chapter)
            } else {
                kind
            },
            text: text.into(),
        });
    }
    Ok(markers)
}
