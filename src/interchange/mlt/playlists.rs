//! Writes tracks as playlists, with a tractor for each dissolve.

use crate::interchange::mlt::entry::{Entry, Part};
use crate::interchange::mlt::producers::local;
use crate::interchange::mlt::writer::Writer;
use crate::interchange::sequence::{SequenceItem, SequenceTrack, SequenceTransition, TrackContent};
use crate::time::Rational;

impl Writer<'_> {
    /// Writes the producers of a track's clips, then the track; gives its id.
    pub(super) fn playlist(&mut self, track: &SequenceTrack, number: usize) -> String {
        // Producers stand before the playlist that names them.
        let mut parts: Vec<Part> = Vec::new();
        let mut time = Rational::ZERO;
        let mut shown = 0;
        let mut into: Option<&SequenceTransition> = None;
        for item in &track.items {
            let end = self.frames(time + item.duration());
            match item {
                SequenceItem::Transition(transition) => {
                    into = Some(transition);
                    continue;
                }
                SequenceItem::Clip(clip) => {
                    let producer = self.producer(clip, track.content);
                    let first = self.frames(local(clip, clip.start));
                    let next = Entry {
                        producer,
                        first,
                        count: end - shown,
                    };
                    match (into.take(), parts.pop()) {
                        (Some(transition), Some(Part::Entry(before))) => {
                            parts.extend(self.dissolve(before, next, transition));
                        }
                        (_, before) => {
                            parts.extend(before);
                            parts.push(Part::Entry(next));
                        }
                    }
                }
                SequenceItem::Gap(_) | SequenceItem::Nested { .. } => {
                    parts.push(Part::Blank(end - shown));
                }
            }
            shown = end;
            time = time + item.duration();
        }
        let id = format!("playlist{number}");
        self.xml.start("playlist", &[("id", &id)]);
        let (kind, name) = match track.content {
            TrackContent::Picture => ("shotcut:video", "V1".to_owned()),
            TrackContent::Sound => ("shotcut:audio", format!("A{}", number - 1)),
        };
        self.property(kind, "1");
        self.property("shotcut:name", &name);
        for part in &parts {
            match part {
                Part::Entry(entry) if entry.count > 0 => {
                    self.element("entry", &entry.attributes(), true);
                }
                Part::Blank(count) if *count > 0 => {
                    self.element("blank", &[("length", count.to_string())], true);
                }
                _ => {}
            }
        }
        self.xml.end();
        id
    }

    /// A dissolve between two entries, as a tractor that takes frames from both.
    fn dissolve(
        &mut self,
        before: Entry,
        next: Entry,
        transition: &SequenceTransition,
    ) -> [Part; 3] {
        let count = self.frames(transition.before + transition.after);
        let early = count / 2;
        let tail = Entry {
            producer: before.producer.clone(),
            first: before.first + before.count - early,
            count,
        };
        let head = Entry {
            producer: next.producer.clone(),
            first: next.first - early,
            count,
        };
        self.tractors += 1;
        let id = format!("transition{}", self.tractors);
        let out = (count - 1).to_string();
        self.xml
            .start("tractor", &[("id", &id), ("in", "0"), ("out", &out)]);
        self.property("shotcut:transition", "lumaMix");
        self.element("track", &tail.attributes(), true);
        self.element("track", &head.attributes(), true);
        self.xml.start("transition", &[("in", "0"), ("out", &out)]);
        self.property("a_track", "0");
        self.property("b_track", "1");
        self.property("mlt_service", "luma");
        self.xml.end();
        self.xml.end();
        [
            Part::Entry(Entry {
                count: before.count - early,
                ..before
            }),
            Part::Entry(Entry {
                producer: id,
                first: 0,
                count,
            }),
            Part::Entry(Entry {
                first: head.first + count,
                count: next.count - (count - early),
                ..next
            }),
        ]
    }
}
