//! The items of a sequence on their lanes, before they become tracks.

use std::collections::BTreeMap;

use crate::interchange::sequence::{SequenceItem, SequenceTrack, SequenceTransition, TrackContent};
use crate::time::Rational;

/// Items of a sequence, each on a lane at a second.
#[derive(Default)]
pub(super) struct Story {
    /// By lane and whether they are sound.
    lanes: BTreeMap<(i32, bool), Vec<(Rational, SequenceItem)>>,
    /// Start, length and kind of those in the spine.
    pub transitions: Vec<(Rational, Rational, String)>,
}

impl Story {
    /// Puts an item at a second of a lane.
    pub fn add(&mut self, lane: i32, is_sound: bool, at: Rational, item: SequenceItem) {
        self.lanes
            .entry((lane, is_sound))
            .or_default()
            .push((at, item));
    }

    /// A track for each lane, with gaps where nothing lies.
    pub fn tracks(self) -> Vec<SequenceTrack> {
        let mut tracks = Vec::new();
        for ((lane, is_sound), mut items) in self.lanes {
            items.sort_by_key(|(at, _)| *at);
            let content = if is_sound {
                TrackContent::Sound
            } else {
                TrackContent::Picture
            };
            let mut track = SequenceTrack::new(content);
            let mut time = Rational::ZERO;
            let mut transitions = self.transitions.iter().peekable();
            for (at, item) in items {
                if at > time {
                    track.items.push(SequenceItem::Gap(at - time));
                    time = at;
                }
                if lane == 0 && !is_sound {
                    let begun = |each: &&(Rational, Rational, String)| each.0 <= at;
                    while let Some((start, duration, kind)) = transitions.next_if(begun) {
                        let end = *start + *duration;
                        if end >= at {
                            track
                                .items
                                .push(SequenceItem::Transition(SequenceTransition {
                                    kind: kind.clone(),
                                    before: at - *start,
                                    after: end - at,
                                }));
                        }
                    }
                }
                time = time + item.duration();
                track.items.push(item);
            }
            tracks.push((is_sound, lane, track));
        }
        tracks.sort_by_key(|(is_sound, lane, _)| (*is_sound, *lane));
        tracks.into_iter().map(|(_, _, track)| track).collect()
    }
}
