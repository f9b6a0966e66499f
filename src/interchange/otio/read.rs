//! Reads OpenTimelineIO's JSON, of any version of its schemas.

use std::path::Path;

use serde_json::Value;

use crate::edit::{MarkerKind, PLAN_SCHEMA, Plan};
use crate::interchange::fraction::fraction;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::otio::carried::{carried, reference, schema};
use crate::interchange::otio::json_scan::scanned;
use crate::interchange::otio::keys::{KIND, OURS, PLAN, SEGMENT, TRANSITION};
use crate::interchange::otio::times;
use crate::interchange::sequence::{
    Sequence, SequenceClip, SequenceItem, SequenceMarker, SequenceTrack, SequenceTransition,
    TrackContent,
};
use crate::interchange::text_limits::MOST_ITEMS;
use crate::time::Rational;

/// Reads the first timeline of `text`.
pub(in crate::interchange) fn read(text: &str, losses: &mut LossBook) -> Result<Sequence, String> {
    let scanned = scanned(text)?;
    let root: Value = serde_json::from_str(&scanned).map_err(|problem| problem.to_string())?;
    let mut reading = Reading {
        sequence: Sequence::default(),
        items: 0,
        losses,
    };
    reading.root(&root)?;
    Ok(reading.sequence)
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .into()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Our own metadata of an object.
fn ours<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get("metadata")?.get(OURS)?.get(key)
}

fn is_on(value: &Value) -> bool {
    value
        .get("enabled")
        .and_then(Value::as_bool)
        .unwrap_or(true)
}

struct Reading<'a> {
    sequence: Sequence,
    items: usize,
    losses: &'a mut LossBook,
}

impl Reading<'_> {
    fn root(&mut self, root: &Value) -> Result<(), String> {
        match schema(root) {
            "Timeline" => self.timeline(root),
            "SerializableCollection" | "SerializeableCollection" => {
                let mut inside = list(root, "children").iter();
                let timelines = inside.clone().filter(|each| schema(each) == "Timeline");
                let more = timelines.count().saturating_sub(1);
                if more > 0 {
                    let what = format!("{more} more timelines");
                    self.losses
                        .note(LostPart::Other, what, "the collection", "the first alone");
                }
                match inside.find(|each| schema(each) == "Timeline") {
                    Some(timeline) => self.timeline(timeline),
                    None => {
                        self.sequence.tracks = self.tracks_of(list(root, "children"))?;
                        Ok(())
                    }
                }
            }
            "Stack" => {
                self.sequence.name = text(root, "name");
                self.sequence.tracks = self.tracks_of(list(root, "children"))?;
                Ok(())
            }
            "Track" | "Sequence" | "Clip" | "Gap" => {
                self.sequence.tracks = self.tracks_of(std::slice::from_ref(root))?;
                Ok(())
            }
            "" => Err("it is JSON, but nothing of OpenTimelineIO".into()),
            other => Err(format!("a {other} holds no timeline")),
        }
    }

    fn timeline(&mut self, timeline: &Value) -> Result<(), String> {
        self.sequence.name = text(timeline, "name");
        self.sequence.plan = ours(timeline, PLAN).and_then(plan).map(Box::new);
        if let Some(plan) = &self.sequence.plan {
            self.sequence.frame_rate = Some(plan.output.frame_rate);
        }
        self.sequence.carried = carried(timeline);
        let tracks = timeline.get("tracks").unwrap_or(&Value::Null);
        self.sequence.tracks = match schema(tracks) {
            "Stack" => self.tracks_of(list(tracks, "children"))?,
            "" if tracks.is_null() => Vec::new(),
            _ => return Err("a timeline whose tracks are no stack".into()),
        };
        self.sequence.markers = self.markers(tracks, Rational::ZERO, Rational::ONE);
        Ok(())
    }

    /// The children of a stack: a child that is no track becomes a track of its own.
    fn tracks_of(&mut self, children: &[Value]) -> Result<Vec<SequenceTrack>, String> {
        let mut tracks = Vec::new();
        for child in children {
            let mut track = SequenceTrack::new(TrackContent::Picture);
            if matches!(schema(child), "Track" | "Sequence") {
                if text(child, "kind") == "Audio" {
                    track.content = TrackContent::Sound;
                }
                track.enabled = is_on(child);
                let items = self.items_of(list(child, "children"))?;
                let range = times::range(child.get("source_range"))?;
                track.items = match range {
                    // A range at its beginning shortens nothing.
                    Some((start, duration)) if !covers(&items, start, duration) => {
                        let mut inner = SequenceTrack::new(track.content);
                        inner.items = items;
                        vec![SequenceItem::Nested {
                            tracks: vec![inner],
                            start: start.max(Rational::ZERO),
                            duration,
                        }]
                    }
                    _ => items,
                };
            } else {
                track.items = self.items_of(std::slice::from_ref(child))?;
            }
            tracks.push(track);
        }
        Ok(tracks)
    }

    fn items_of(&mut self, children: &[Value]) -> Result<Vec<SequenceItem>, String> {
        let mut items = Vec::new();
        for child in children {
            self.items += 1;
            if self.items > MOST_ITEMS {
                return Err(format!("it has more than {MOST_ITEMS} clips and gaps"));
            }
            match schema(child) {
                "Clip" => items.push(SequenceItem::Clip(Box::new(self.clip(child)?))),
                "Gap" | "Filler" => {
                    let range = times::range(child.get("source_range"))?;
                    items.push(SequenceItem::Gap(length(range)));
                }
                "Transition" => items.push(SequenceItem::Transition(transition(child)?)),
                "Stack" | "Track" | "Sequence" => items.push(self.nested(child)?),
                other => {
                    let name = text(child, "name");
                    let what = format!("{other} {name}");
                    self.losses
                        .note(LostPart::Other, what, "a track", "left out");
                }
            }
        }
        Ok(items)
    }

    fn nested(&mut self, child: &Value) -> Result<SequenceItem, String> {
        let tracks = match schema(child) {
            "Stack" => self.tracks_of(list(child, "children"))?,
            _ => self.tracks_of(std::slice::from_ref(child))?,
        };
        let whole = tracks.iter().map(SequenceTrack::duration).max();
        let range = match schema(child) {
            "Stack" => times::range(child.get("source_range"))?,
            _ => None,
        };
        let (start, duration) = range.unwrap_or((Rational::ZERO, whole.unwrap_or(Rational::ZERO)));
        self.note_effects(child);
        Ok(SequenceItem::Nested {
            tracks,
            start,
            duration,
        })
    }

    /// The speed of an object's time effects. Other effects are noted.
    fn note_effects(&mut self, item: &Value) -> Rational {
        let mut speed = Rational::ONE;
        for effect in list(item, "effects") {
            match schema(effect) {
                "LinearTimeWarp" => {
                    let scalar = effect.get("time_scalar").and_then(Value::as_f64);
                    let scalar = scalar.and_then(|scalar| fraction(scalar, 10_000));
                    speed = speed * scalar.unwrap_or(Rational::ONE);
                }
                "FreezeFrame" => speed = Rational::ZERO,
                other => {
                    let name = match text(effect, "effect_name") {
                        name if name.is_empty() => text(effect, "name"),
                        name => name,
                    };
                    let name = if name.is_empty() { other.into() } else { name };
                    let place = format!("clip {}", text(item, "name"));
                    let instead = "kept aside, and written back on export to OpenTimelineIO";
                    let what = format!("effect {name}");
                    self.losses.note(LostPart::Other, what, place, instead);
                }
            }
        }
        speed
    }

    fn clip(&mut self, clip: &Value) -> Result<SequenceClip, String> {
        let speed = self.note_effects(clip);
        let reference = reference(clip);
        let available = times::range(reference.and_then(|each| each.get("available_range")))?;
        let range = times::range(clip.get("source_range"))?.or(available);
        let (start, duration) = range.unwrap_or((Rational::ZERO, Rational::ZERO));
        let first = available.map_or(Rational::ZERO, |(first, _)| first);
        let source_range = clip.get("source_range");
        if self.sequence.frame_rate.is_none() {
            let duration = source_range.and_then(|range| range.get("duration"));
            self.sequence.frame_rate = times::rate_of(duration);
        }
        let name = text(clip, "name");
        let medium = reference.and_then(|reference| self.medium(reference, &name));
        // Times of the file may be written without its own timecode.
        let start = match start - first {
            before if before.is_negative() && !start.is_negative() => start,
            after => after,
        };
        Ok(SequenceClip {
            markers: self.markers(clip, start + first, speed),
            name,
            medium,
            start,
            duration,
            speed,
            enabled: is_on(clip),
            with_sound: false,
            segment: ours(clip, SEGMENT)
                .and_then(Value::as_u64)
                .and_then(|number| usize::try_from(number).ok()),
            carried: carried(clip),
        })
    }

    fn medium(&mut self, reference: &Value, clip_name: &str) -> Option<usize> {
        match schema(reference) {
            "ExternalReference" => {
                let url = text(reference, "target_url");
                Some(self.sequence.medium(&url, ""))
            }
            "MissingReference" => {
                let name = text(reference, "name");
                let name = if name.is_empty() { clip_name } else { &name };
                (!name.is_empty()).then(|| self.sequence.medium(name, name))
            }
            "ImageSequenceReference" => {
                let base = text(reference, "target_url_base");
                let prefix = text(reference, "name_prefix");
                let url = format!("{base}{prefix}");
                Some(self.sequence.medium(&url, &prefix))
            }
            _ => None,
        }
    }

    /// The markers of an object whose time begins at `start` and passes at `speed`.
    fn markers(&mut self, item: &Value, start: Rational, speed: Rational) -> Vec<SequenceMarker> {
        let slowness = speed.inverse().unwrap_or(Rational::ONE);
        let mut markers = Vec::new();
        for marker in list(item, "markers") {
            let name = text(marker, "name");
            let Ok(Some((at, _))) = times::range(marker.get("marked_range")) else {
                let what = format!("marker {name}");
                self.losses
                    .note(LostPart::Marker, what, text(item, "name"), "left out");
                continue;
            };
            let comment = text(marker, "comment");
            let kind = ours(marker, KIND).cloned();
            markers.push(SequenceMarker {
                at: (at - start) * slowness,
                kind: kind.and_then(|kind| serde_json::from_value::<MarkerKind>(kind).ok()),
                text: if name.is_empty() { comment } else { name },
            });
        }
        markers
    }
}

fn length(range: Option<(Rational, Rational)>) -> Rational {
    range.map_or(Rational::ZERO, |(_, length)| length)
}

/// Whether a range leaves out nothing of the items. Lists of edits write negative starts for films that begin at an
/// hour.
fn covers(items: &[SequenceItem], start: Rational, duration: Rational) -> bool {
    let whole = items
        .iter()
        .fold(Rational::ZERO, |sum, item| sum + item.duration());
    start <= Rational::ZERO && duration >= whole
}

fn transition(value: &Value) -> Result<SequenceTransition, String> {
    let offset = |key: &str| {
        let time = times::time(value.get(key))?.unwrap_or(Rational::ZERO);
        if time.is_negative() {
            return Err("a transition that ends before it begins".to_owned());
        }
        Ok(time)
    };
    let own = ours(value, TRANSITION).and_then(Value::as_str);
    let kind = match (own, text(value, "transition_type")) {
        (Some(own), _) => own.to_owned(),
        (None, kind) if kind == "SMPTE_Dissolve" => "dissolve".into(),
        (None, kind) if kind.is_empty() => text(value, "name"),
        (None, kind) => kind,
    };
    Ok(SequenceTransition {
        kind,
        before: offset("in_offset")?,
        after: offset("out_offset")?,
    })
}

/// The plan that a timeline was made from, if it is whole.
fn plan(value: &Value) -> Option<Plan> {
    let text = value.to_string();
    Plan::parse(&text, Path::new(PLAN_SCHEMA)).ok()
}
