//! What is known of the music, put together from what the listeners collected.

use super::energy_curve::{energy_curve, mean_energy};
use super::music_mood;
use super::sections::{self, Bar};
use super::stream_16khz::Stream16kHz;
use super::stream_22khz::{RhythmSummary, Stream22kHz};
use super::tags::{self, PatchSpan, TagCollector};
use crate::analysis::{Axes, Key, LabelScore, Mood, Section, Span};
use crate::error::Result;
use crate::models::Models;

/// A bar hears the patches this near to its middle, in seconds; half of them are heard, so the next is never farther in music.
const NEAR: f64 = 4.5;

/// Everything but rhythm and loudness.
#[derive(Debug, Default)]
pub(super) struct MusicSummary {
    pub key: Option<Key>,
    pub tags: Vec<LabelScore>,
    pub axes: Option<Axes>,
    pub mood: Option<Mood>,
    pub sections: Vec<Section>,
    pub phrases: Vec<f64>,
    pub energy_curve: Vec<f64>,
    pub onsets_per_second: Option<f64>,
    pub embedding: Vec<i8>,
}

/// What is known of the music within `spans`; nothing without any.
pub(super) fn summarize_music(
    models: &Models,
    rhythm: &Stream22kHz<'_>,
    voice: &Stream16kHz<'_>,
    pulse: &RhythmSummary,
    spans: &[Span],
    duration: f64,
) -> Result<MusicSummary> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Ok(MusicSummary::default());
    };
    let timbre = rhythm.timbre.summary(spans);
    let mut seconds = rhythm.timbre.seconds();
    // A last frame may be centered on the very end.
    seconds.truncate(duration.ceil() as usize);
    let energy_curve = energy_curve(&seconds, spans);
    let places = voice.tags().map_or(&[][..], TagCollector::places);
    let bars = bars(rhythm, places, &pulse.downbeats, &energy_curve);
    let sections = sections::sections(&bars, &energy_curve, first.start, last.end);
    let mut music = MusicSummary {
        key: rhythm.chroma.key(spans),
        phrases: sections::phrases(&bars, &sections),
        sections,
        energy_curve,
        onsets_per_second: Some(timbre.onsets),
        ..MusicSummary::default()
    };
    if let Some(heard) = voice.tags().and_then(TagCollector::summary) {
        music.tags = tags::best(&heard.tags, models.music_tag_labels()?);
        let (axes, mood) = music_mood::describe(models.mood_axes(&heard.penultimate)?, &timbre);
        (music.axes, music.mood) = (Some(axes), Some(mood));
        music.embedding = models.music_embedding(&heard.penultimate)?;
    }
    Ok(music)
}

fn bars(
    rhythm: &Stream22kHz<'_>,
    places: &[PatchSpan],
    downbeats: &[f64],
    curve: &[f64],
) -> Vec<Bar> {
    downbeats
        .windows(2)
        .filter_map(|ends| match *ends {
            [start, end] => Some(Bar {
                start,
                end,
                place: place(places, (start + end) / 2.0),
                notes: rhythm.chroma.notes(start, end),
                energy: mean_energy(curve, start, end),
            }),
            _ => None,
        })
        .collect()
}

/// Between the patches around `time` by how near they are; empty where none is.
fn place(places: &[PatchSpan], time: f64) -> Vec<f32> {
    let next = places.partition_point(|patch| patch.time < time);
    let near = |patch: &&PatchSpan| (patch.time - time).abs() <= NEAR;
    let before = next
        .checked_sub(1)
        .and_then(|at| places.get(at))
        .filter(near);
    let after = places.get(next).filter(near);
    match (before, after) {
        (Some(before), Some(after)) if after.time > before.time => {
            let share = ((time - before.time) / (after.time - before.time)) as f32;
            let pairs = before.place.iter().zip(&after.place);
            pairs.map(|(a, b)| a + share * (b - a)).collect()
        }
        (Some(patch), _) | (None, Some(patch)) => patch.place.clone(),
        (None, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_lie_between_the_patches_around_them() {
        let patch = |time: f64, number: f32| PatchSpan {
            time,
            place: vec![number],
        };
        let places = [patch(1.5, 0.0), patch(7.5, 6.0), patch(30.0, 1.0)];
        for (time, wanted) in [
            (0.0, Some(0.0)),
            (3.5, Some(2.0)),
            (9.0, Some(6.0)),
            (28.0, Some(1.0)),
            (18.0, None),
        ] {
            let found = place(&places, time);
            assert_eq!(found.first().copied(), wanted, "{time}");
        }
    }
}
