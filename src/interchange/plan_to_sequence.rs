//! A plan as a timeline: one track of pictures, and as many of sound as overlap.

use crate::edit::{Plan, SoundSegment, SourceKind};
use crate::effects::TransitionEffect;
use crate::geometry::Size;
use crate::interchange::fraction::fraction;
use crate::interchange::medium::Medium;
use crate::interchange::sequence::{
    Sequence, SequenceClip, SequenceItem, SequenceMarker, SequenceTrack, SequenceTransition,
    TrackContent,
};
use crate::time::Rational;

/// Times of sound are written in seconds: their finest parts.
const PARTS_OF_A_SECOND: i64 = 1_000_000;

/// The timeline of `plan`, whose sources are `media`.
pub fn sequence_of(plan: &Plan, name: &str, media: Vec<Medium>) -> Sequence {
    let mut tracks = vec![picture_track(plan, &media)];
    tracks.extend(sound_tracks(plan, &media));
    Sequence {
        name: name.into(),
        frame_rate: Some(plan.output.frame_rate),
        size: Some(Size::new(plan.output.width, plan.output.height)),
        tracks,
        markers: plan
            .markers
            .iter()
            .map(|marker| SequenceMarker {
                at: exact(marker.at),
                kind: Some(marker.kind),
                text: marker.text.clone(),
            })
            .collect(),
        media,
        plan: Some(Box::new(plan.clone())),
        carried: plan.carried.clone(),
    }
}

fn exact(seconds: f64) -> Rational {
    fraction(seconds, PARTS_OF_A_SECOND).unwrap_or(Rational::ZERO)
}

fn index_of(media: &[Medium], id: &str) -> Option<usize> {
    media.iter().position(|medium| medium.id == id)
}

fn name_of(media: &[Medium], index: Option<usize>) -> String {
    index
        .and_then(|at| media.get(at))
        .map_or_else(String::new, |medium| medium.name.clone())
}

fn picture_track(plan: &Plan, media: &[Medium]) -> SequenceTrack {
    let mut track = SequenceTrack::new(TrackContent::Picture);
    for (number, segment) in plan.picture.iter().enumerate() {
        if let Some(timed) = segment.transition.timed() {
            track
                .items
                .push(SequenceItem::Transition(SequenceTransition {
                    kind: kind_of(timed.kind).into(),
                    before: timed.half(),
                    after: timed.half(),
                }));
        }
        let medium = index_of(media, &segment.source);
        let file = medium.and_then(|at| media.get(at));
        if file.is_some_and(|file| file.kind == Some(SourceKind::Audio)) {
            track.items.push(SequenceItem::Gap(segment.length()));
            continue;
        }
        track.items.push(SequenceItem::Clip(Box::new(SequenceClip {
            name: name_of(media, medium),
            medium,
            start: segment.start_exact,
            duration: segment.length(),
            speed: segment.exact_speed(),
            enabled: true,
            with_sound: false,
            segment: Some(number),
            markers: Vec::new(),
            carried: segment.carried.clone(),
        })));
    }
    track
}

/// The kind of a transition as plans write it.
fn kind_of(kind: TransitionEffect) -> &'static str {
    kind.as_layer_transition().facts().kind
}

/// Each segment in the first track that is free by then.
fn sound_tracks(plan: &Plan, media: &[Medium]) -> Vec<SequenceTrack> {
    let mut order: Vec<(usize, &SoundSegment)> = plan.sound.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.at.total_cmp(&b.at));
    let mut tracks: Vec<(SequenceTrack, Rational)> = Vec::new();
    for (number, segment) in order {
        let at = exact(segment.at);
        let free = tracks.iter().position(|(_, end)| *end <= at);
        let free = free.unwrap_or_else(|| {
            tracks.push((SequenceTrack::new(TrackContent::Sound), Rational::ZERO));
            tracks.len() - 1
        });
        let Some((track, end)) = tracks.get_mut(free) else {
            continue;
        };
        if at > *end {
            track.items.push(SequenceItem::Gap(at - *end));
        }
        let medium = index_of(media, &segment.source);
        let speed = exact(segment.speed);
        let slowness = speed.inverse().unwrap_or(Rational::ONE);
        let duration = (segment.end_exact - segment.start_exact) * slowness;
        track.items.push(SequenceItem::Clip(Box::new(SequenceClip {
            name: name_of(media, medium),
            medium,
            start: segment.start_exact,
            duration,
            speed,
            enabled: true,
            with_sound: false,
            segment: Some(number),
            markers: Vec::new(),
            carried: None,
        })));
        *end = at + duration;
    }
    tracks.into_iter().map(|(track, _)| track).collect()
}
