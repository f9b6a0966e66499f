//! Reads the story of a sequence: its spine, and what is connected to it on lanes.

use crate::interchange::fcpxml::clip_parts::{markers, time_map};
use crate::interchange::fcpxml::keys::{SEGMENT, SEGMENT_NOTE, metadata, time_of};
use crate::interchange::fcpxml::media_index::{Asset, Resources};
use crate::interchange::fcpxml::story::Story;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::sequence::{Sequence, SequenceClip, SequenceItem, SequenceTrack};
use crate::interchange::text_limits::MOST_ITEMS;
use crate::interchange::xml_tree::XmlElement;
use crate::time::Rational;

/// Elements that lie in time.
const ITEMS: [&str; 12] = [
    "asset-clip",
    "audio",
    "audition",
    "caption",
    "clip",
    "gap",
    "mc-clip",
    "ref-clip",
    "spine",
    "sync-clip",
    "title",
    "video",
];
/// How deep compound clips may hold each other.
const MOST_COMPOUNDS: usize = 16;

/// Reads sequences.
pub(super) struct SpineReader<'a> {
    pub resources: Resources<'a>,
    pub sequence: Sequence,
    pub losses: &'a mut LossBook,
    items: usize,
    compounds: usize,
}

/// Where a container of items lies: its second `local` is second `at` of the film.
#[derive(Clone, Copy)]
struct Frame {
    at: Rational,
    local: Rational,
    lane: i32,
    /// Seconds of the film outside which its own items are not shown.
    shown: Option<(Rational, Rational)>,
}

impl<'a> SpineReader<'a> {
    pub fn new(resources: Resources<'a>, losses: &'a mut LossBook) -> Self {
        Self {
            resources,
            sequence: Sequence::default(),
            losses,
            items: 0,
            compounds: 0,
        }
    }

    /// The tracks of a sequence.
    pub fn tracks(&mut self, sequence: &'a XmlElement) -> Result<Vec<SequenceTrack>, String> {
        let mut story = Story::default();
        let frame = Frame {
            at: Rational::ZERO,
            local: time_of(sequence, "tcStart")?.unwrap_or(Rational::ZERO),
            lane: 0,
            shown: None,
        };
        for spine in sequence.all("spine") {
            self.children(spine, frame, &mut story)?;
        }
        Ok(story.tracks())
    }

    /// The tracks of clips that stand outside a sequence, one after the other.
    pub fn loose(&mut self, clips: &[&'a XmlElement]) -> Result<Vec<SequenceTrack>, String> {
        let mut story = Story::default();
        let mut at = Rational::ZERO;
        for clip in clips {
            let frame = Frame {
                at,
                local: time_of(clip, "offset")?.unwrap_or(Rational::ZERO),
                lane: 0,
                shown: None,
            };
            at = at + self.item(clip, frame, at, &mut story)?;
        }
        Ok(story.tracks())
    }

    fn children(
        &mut self,
        container: &'a XmlElement,
        frame: Frame,
        story: &mut Story,
    ) -> Result<(), String> {
        // Where an item without an offset lies.
        let mut next = frame.at;
        for child in &container.children {
            match child.name.as_str() {
                "transition" => {
                    let offset = time_of(child, "offset")?.unwrap_or(frame.local);
                    let duration = time_of(child, "duration")?.unwrap_or(Rational::ZERO);
                    let name = child.attribute("name").unwrap_or("Cross Dissolve");
                    let kind = if name == "Cross Dissolve" {
                        "dissolve"
                    } else {
                        name
                    };
                    let at = frame.at + offset - frame.local;
                    if frame.lane == 0 {
                        story.transitions.push((at, duration, kind.into()));
                    }
                }
                _ => next = next + self.item(child, frame, next, story)?,
            }
        }
        Ok(())
    }

    /// Reads an item that lies in a container; gives its length. `next` is where it lies if it does not say.
    fn item(
        &mut self,
        item: &'a XmlElement,
        frame: Frame,
        next: Rational,
        story: &mut Story,
    ) -> Result<Rational, String> {
        if !ITEMS.contains(&item.name.as_str()) {
            return Ok(Rational::ZERO);
        }
        self.items += 1;
        if self.items > MOST_ITEMS {
            return Err(format!("it has more than {MOST_ITEMS} clips and gaps"));
        }
        let at = match time_of(item, "offset")? {
            Some(offset) => frame.at + offset - frame.local,
            None => next,
        };
        let lane = item.attribute("lane").and_then(|lane| lane.parse().ok());
        let lane = lane.map_or(frame.lane, |lane: i32| {
            frame.lane.saturating_add(lane).clamp(-1000, 1000)
        });
        let inner = Frame {
            at,
            local: Rational::ZERO,
            lane,
            shown: None,
        };
        match item.name.as_str() {
            "spine" => {
                self.children(item, inner, story)?;
                return Ok(Rational::ZERO);
            }
            // Of several takes, the first is the one that is shown.
            "audition" => {
                return match item.children.first() {
                    Some(first) => self.item(first, inner, at, story),
                    None => Ok(Rational::ZERO),
                };
            }
            _ => {}
        }
        let (local, duration) = self.own_time(item)?;
        let is_container = matches!(item.name.as_str(), "clip" | "sync-clip");
        let place = Frame {
            local,
            shown: is_container.then(|| (at, at + duration)),
            ..inner
        };
        let shown = frame.shown.filter(|_| item.attribute("lane").is_none());
        let (at, local, length) = trimmed((at, local, duration), shown);
        let shown = Frame {
            at,
            local,
            lane,
            shown: None,
        };
        self.add(item, shown, length, story)?;
        self.children(item, place, story)?;
        Ok(duration)
    }

    /// An item's own second at its beginning, and its length.
    fn own_time(&self, item: &XmlElement) -> Result<(Rational, Rational), String> {
        let asset = self.resources.asset(item.attribute("ref"))?;
        let first = asset.map_or(Rational::ZERO, |asset| asset.start);
        let own = time_of(item, "start")?.or(time_of(item, "tcStart")?);
        let duration = match time_of(item, "duration")? {
            Some(duration) => duration,
            None => asset
                .and_then(|asset| asset.duration)
                .unwrap_or(Rational::ZERO),
        };
        if duration.is_negative() {
            return Err(format!("a <{}> of less than nothing", item.name));
        }
        Ok((own.unwrap_or(first), duration))
    }

    /// Puts what an item itself shows into the story: `length` seconds from its place on.
    fn add(
        &mut self,
        item: &'a XmlElement,
        place: Frame,
        length: Rational,
        story: &mut Story,
    ) -> Result<(), String> {
        let Frame {
            at, local, lane, ..
        } = place;
        let name = item.attribute("name").unwrap_or_default();
        let seconds = format!("{:.2} s", at.seconds());
        match item.name.as_str() {
            "asset-clip" | "video" | "audio" => {
                let asset = self.resources.asset(item.attribute("ref"))?;
                let clip = self.clip(item, asset, (local, length))?;
                let is_sound = item.name == "audio"
                    || asset.is_some_and(|asset| !asset.has_video)
                    || item.attribute("srcEnable") == Some("audio");
                story.add(lane, is_sound, at, SequenceItem::Clip(Box::new(clip)));
            }
            "ref-clip" => {
                let nested = SequenceItem::Nested {
                    tracks: self.compound(item)?,
                    start: local,
                    duration: length,
                };
                story.add(lane, false, at, nested);
            }
            "title" | "caption" => {
                let what = format!("{} {name}", item.name);
                self.losses
                    .note(LostPart::Caption, what, seconds, "no text");
            }
            "mc-clip" => {
                let what = format!("multicam clip {name}");
                self.losses.note(LostPart::Clip, what, seconds, "left out");
            }
            // Their content is in them, in their own time; gaps have none.
            _ => {}
        }
        Ok(())
    }

    fn compound(&mut self, item: &'a XmlElement) -> Result<Vec<SequenceTrack>, String> {
        let Some(sequence) = self.resources.compound(item.attribute("ref")) else {
            return Ok(Vec::new());
        };
        if self.compounds >= MOST_COMPOUNDS {
            return Err(format!(
                "compound clips nest deeper than {MOST_COMPOUNDS} levels"
            ));
        }
        self.compounds += 1;
        let tracks = self.tracks(sequence);
        self.compounds -= 1;
        tracks
    }

    fn clip(
        &mut self,
        item: &'a XmlElement,
        asset: Option<Asset<'a>>,
        (local, duration): (Rational, Rational),
    ) -> Result<SequenceClip, String> {
        let map = time_map(item)?;
        let (start, speed) = map.map_or((local, Rational::ONE), |map| {
            (map.value + (local - map.time) * map.speed, map.speed)
        });
        let first = asset.map_or(Rational::ZERO, |asset| asset.start);
        let medium = asset.map(|asset| self.sequence.medium(asset.url, asset.name));
        let name = item.attribute("name").unwrap_or_default();
        let noted = item
            .text_at("note")
            .and_then(|note| note.strip_prefix(SEGMENT_NOTE));
        let segment = metadata(item, SEGMENT).or(noted);
        for filter in item
            .children
            .iter()
            .filter(|child| child.name.starts_with("filter-"))
        {
            let what = format!("effect {}", filter.attribute("name").unwrap_or_default());
            self.losses
                .note(LostPart::Effect, what, format!("clip {name}"), "no effect");
        }
        Ok(SequenceClip {
            name: name.into(),
            medium,
            start: start - first,
            duration,
            speed,
            enabled: item.attribute("enabled") != Some("0"),
            with_sound: item.name == "asset-clip"
                && item.attribute("srcEnable").unwrap_or("all") == "all"
                && asset.is_some_and(|asset| asset.has_video && asset.has_audio),
            segment: segment.and_then(|number| number.parse().ok()),
            markers: markers(item, local)?,
            carried: None,
        })
    }
}

/// The place, own time and length of an item that is shown only between two seconds.
fn trimmed(
    (at, local, duration): (Rational, Rational, Rational),
    shown: Option<(Rational, Rational)>,
) -> (Rational, Rational, Rational) {
    let Some((begin, end)) = shown else {
        return (at, local, duration);
    };
    let head = (begin - at).max(Rational::ZERO);
    let left = (at + duration).min(end) - (at + head);
    if left > Rational::ZERO {
        (at + head, local + head, left)
    } else {
        (at, local, duration)
    }
}
