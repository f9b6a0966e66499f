//! Reads XMEML: its first sequence.

use std::collections::HashMap;

use crate::edit::MarkerKind;
use crate::geometry::Size;
use crate::interchange::fraction::fraction;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::sequence::{
    Sequence, SequenceClip, SequenceItem, SequenceMarker, SequenceTrack, TrackContent,
};
use crate::interchange::text_limits::MOST_ITEMS;
use crate::interchange::xmeml::places::{Place, PlacedTransition, place};
use crate::interchange::xmeml::rate::{EXACT_IN, rate_in};
use crate::interchange::xml_tree::XmlElement;
use crate::time::Rational;

/// How deep sequences may hold each other.
const MOST_SEQUENCES: usize = 16;

/// Reads the document.
pub(in crate::interchange) fn read(
    root: &XmlElement,
    losses: &mut LossBook,
) -> Result<Sequence, String> {
    let mut sequences = Vec::new();
    top_sequences(root, &mut sequences);
    if sequences.len() > 1 {
        let what = format!("{} more sequences", sequences.len() - 1);
        losses.note(LostPart::Other, what, "the project", "the first alone");
    }
    let mut by_id = HashMap::new();
    index(root, &mut by_id);
    let mut reading = Reading {
        by_id,
        sequence: Sequence::default(),
        losses,
        items: 0,
        sequences: 0,
    };
    let first = sequences.first().ok_or("it has no sequence")?;
    let first = reading.referred(first);
    let rate = rate_in(first)?;
    let tracks = reading.tracks(first, rate)?;
    let markers = reading.markers(first, rate)?;
    let format = first.at(&["media", "video", "format", "samplecharacteristics"]);
    let side = |name| format.and_then(|format| format.text_at(name)?.parse().ok());
    let size = side("width").zip(side("height"));
    Ok(Sequence {
        name: first.text_at("name").unwrap_or_default().into(),
        frame_rate: rate,
        size: size.map(|(width, height)| Size::new(width, height)),
        tracks,
        markers,
        ..reading.sequence
    })
}

/// Sequences that stand in the root, and in projects and bins.
fn top_sequences<'a>(element: &'a XmlElement, found: &mut Vec<&'a XmlElement>) {
    for child in &element.children {
        match child.name.as_str() {
            "sequence" => found.push(child),
            "project" | "children" | "bin" => top_sequences(child, found),
            _ => {}
        }
    }
}

/// The first element of each id: later ones of the same name only refer to it.
fn index<'a>(element: &'a XmlElement, by_id: &mut HashMap<(&'a str, &'a str), &'a XmlElement>) {
    if let Some(id) = element.attribute("id") {
        by_id.entry((&element.name, id)).or_insert(element);
    }
    for child in &element.children {
        index(child, by_id);
    }
}

struct Reading<'a> {
    by_id: HashMap<(&'a str, &'a str), &'a XmlElement>,
    sequence: Sequence,
    losses: &'a mut LossBook,
    items: usize,
    sequences: usize,
}

impl<'a> Reading<'a> {
    /// The element that an empty one with an id refers to.
    fn referred(&self, element: &'a XmlElement) -> &'a XmlElement {
        let id = element.attribute("id");
        let known = id.and_then(|id| self.by_id.get(&(element.name.as_str(), id)));
        known.copied().unwrap_or(element)
    }

    fn tracks(
        &mut self,
        sequence: &'a XmlElement,
        rate: Option<Rational>,
    ) -> Result<Vec<SequenceTrack>, String> {
        let mut tracks = Vec::new();
        let Some(media) = sequence.child("media") else {
            return Ok(tracks);
        };
        for (kind, content) in [
            ("video", TrackContent::Picture),
            ("audio", TrackContent::Sound),
        ] {
            let Some(media) = media.child(kind) else {
                continue;
            };
            for track in media.all("track") {
                // Both channels of a stereo track are one here.
                let exploded = track.attribute("currentExplodedTrackIndex").unwrap_or("0");
                let count = track.attribute("totalExplodedTrackCount").unwrap_or("1");
                if content == TrackContent::Sound && exploded != "0" && count != "1" {
                    continue;
                }
                tracks.push(self.track(track, content, rate)?);
            }
        }
        Ok(tracks)
    }

    fn track(
        &mut self,
        element: &'a XmlElement,
        content: TrackContent,
        rate: Option<Rational>,
    ) -> Result<SequenceTrack, String> {
        let mut track = SequenceTrack::new(content);
        let off = |text: &str| text.eq_ignore_ascii_case("false");
        track.enabled = !element.text_at("enabled").is_some_and(off);
        let rate = rate_in(element)?.or(rate);
        let items: Vec<&XmlElement> = element
            .children
            .iter()
            .filter(|child| {
                matches!(
                    child.name.as_str(),
                    "clipitem" | "generatoritem" | "transitionitem"
                )
            })
            .collect();
        let mut time = Rational::ZERO;
        for (at, item) in items.iter().enumerate() {
            self.items += 1;
            if self.items > MOST_ITEMS {
                return Err(format!("it has more than {MOST_ITEMS} clips"));
            }
            let item = self.referred(item);
            let around = |at: Option<usize>| {
                let item = items.get(at?)?;
                (item.name == "transitionitem").then_some(*item)
            };
            let rate = rate.ok_or("a sequence without a rate")?;
            if item.name == "transitionitem" {
                let transition = PlacedTransition::read(item, rate)?;
                track.items.push(SequenceItem::Transition(transition.item));
                continue;
            }
            let place = place(item, around(at.checked_sub(1)), around(Some(at + 1)), rate)?;
            if place.start > time {
                // The gap stands before the transition into the clip.
                let gap = SequenceItem::Gap(place.start - time);
                let before = match track.items.last() {
                    Some(SequenceItem::Transition(_)) => track.items.len() - 1,
                    _ => track.items.len(),
                };
                track.items.insert(before, gap);
            }
            let read = self.item(item, &place, rate)?;
            time = place.end;
            track.items.push(read);
        }
        Ok(track)
    }

    fn item(
        &mut self,
        item: &'a XmlElement,
        place: &Place,
        film_rate: Rational,
    ) -> Result<SequenceItem, String> {
        let rate = rate_in(item)?.unwrap_or(film_rate);
        let duration = place.end - place.start;
        let speed = self.speed(item);
        let first = number(item, "in", rate)?.unwrap_or(Rational::ZERO);
        if let Some(sequence) = item.child("sequence") {
            let sequence = self.referred(sequence);
            if self.sequences >= MOST_SEQUENCES {
                return Err(format!(
                    "sequences nest deeper than {MOST_SEQUENCES} levels"
                ));
            }
            self.sequences += 1;
            let inner_rate = rate_in(sequence)?.or(Some(film_rate));
            let tracks = self.tracks(sequence, inner_rate);
            self.sequences -= 1;
            return Ok(SequenceItem::Nested {
                tracks: tracks?,
                start: first + place.head,
                duration,
            });
        }
        let name = item.text_at("name").unwrap_or_default();
        let medium = match item.child("file") {
            Some(file) => {
                let file = self.referred(file);
                let url = file.text_at("pathurl").unwrap_or_default();
                let file_name = file.text_at("name").unwrap_or(name);
                let key = if url.is_empty() { file_name } else { url };
                (!key.is_empty()).then(|| self.sequence.medium(key, file_name))
            }
            None if item.name == "generatoritem" => None,
            None => {
                return Err(format!(
                    "the clip {name:?} has neither a file nor a sequence"
                ));
            }
        };
        let start = (first + place.head) * speed;
        let exact = item.at(&["comments", "mastercomment1"]);
        let exact = exact.and_then(|note| note.text.trim().strip_prefix(EXACT_IN));
        let exact = exact.and_then(|exact| exact.parse::<Rational>().ok());
        let frame = rate.inverse().unwrap_or(Rational::ONE).seconds();
        let near =
            |exact: &Rational| (*exact - start).seconds().abs() <= frame * speed.seconds().max(1.0);
        let enabled = item.text_at("enabled");
        Ok(SequenceItem::Clip(Box::new(SequenceClip {
            name: name.into(),
            medium,
            start: exact.filter(near).unwrap_or(start),
            duration,
            speed,
            enabled: !enabled.is_some_and(|text| text.eq_ignore_ascii_case("false")),
            with_sound: false,
            segment: None,
            markers: self.clip_markers(item, rate, first + place.head)?,
            carried: None,
        })))
    }

    /// The speed of a time remap; other filters are noted.
    fn speed(&mut self, item: &XmlElement) -> Rational {
        let mut speed = Rational::ONE;
        for effect in item
            .all("filter")
            .filter_map(|filter| filter.child("effect"))
        {
            let id = effect.text_at("effectid").unwrap_or_default();
            if id == "timeremap" {
                let parameter = |wanted: &str| {
                    let mut all = effect.all("parameter");
                    all.find(|each| each.text_at("parameterid") == Some(wanted))?
                        .text_at("value")
                };
                let percent = parameter("speed").and_then(|text| text.parse::<f64>().ok());
                let scalar = percent.and_then(|percent| fraction(percent / 100.0, 10_000));
                let back =
                    parameter("reverse").is_some_and(|text| text.eq_ignore_ascii_case("true"));
                speed = scalar.unwrap_or(Rational::ONE);
                if back && !speed.is_negative() {
                    speed = Rational::ZERO - speed;
                }
                continue;
            }
            let name = effect.text_at("name").unwrap_or(id);
            let place = format!("clip {}", item.text_at("name").unwrap_or_default());
            self.losses.note(
                LostPart::Effect,
                format!("effect {name}"),
                place,
                "no effect",
            );
        }
        speed
    }

    fn markers(
        &mut self,
        element: &XmlElement,
        rate: Option<Rational>,
    ) -> Result<Vec<SequenceMarker>, String> {
        match rate {
            Some(rate) => self.clip_markers(element, rate, Rational::ZERO),
            None => Ok(Vec::new()),
        }
    }

    /// The markers of an element whose own time begins at `first`.
    fn clip_markers(
        &mut self,
        element: &XmlElement,
        rate: Rational,
        first: Rational,
    ) -> Result<Vec<SequenceMarker>, String> {
        let mut markers = Vec::new();
        for marker in element.all("marker") {
            let comment = marker.text_at("comment").unwrap_or_default();
            let kind = serde_json::from_value::<MarkerKind>(comment.into()).ok();
            let name = marker.text_at("name").unwrap_or_default();
            let at = number(marker, "in", rate)?.unwrap_or(Rational::ZERO);
            let text = if name.is_empty() && kind.is_none() {
                comment
            } else {
                name
            };
            markers.push(SequenceMarker {
                at: at - first,
                kind,
                text: text.into(),
            });
        }
        Ok(markers)
    }
}

/// The seconds of a child that counts frames at `rate`; `None` where it is absent.
fn number(element: &XmlElement, name: &str, rate: Rational) -> Result<Option<Rational>, String> {
    let Some(text) = element.text_at(name) else {
        return Ok(None);
    };
    let value = text.parse::<f64>().ok();
    let seconds = value.and_then(|value| crate::interchange::fraction::seconds(value, rate));
    seconds
        .map(Some)
        .ok_or_else(|| format!("{name} is {text:?}, which is no frame"))
}
