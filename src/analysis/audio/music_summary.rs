//! The musical part of the report (key, tags, axes, mood, sections, energy curve), from what the streams collected.

use super::energy_curve::{energy_curve, mean_energy};
use super::key::Chroma;
use super::music_mood;
use super::sections::{self, Bar};
use super::tags::{self, PatchEmbedding, TagCollector};
use super::timbre::Timbre;
use crate::analysis::{Axes, Key, LabelScore, Mood, Section, Span};
use crate::error::Result;
use crate::models::Models;

/// A bar takes its embedding from patches within this distance of its middle, in seconds. Networks hear every other
/// patch of three seconds, so within music the next one is never farther.
const NEAR: f64 = 4.5;

/// What the report says about music, except rhythm and loudness.
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

/// Input of [`summarize_music`].
pub(super) struct MusicSource<'a> {
    pub models: &'a Models,
    pub chroma: &'a Chroma,
    pub timbre: &'a Timbre,
    /// `None` where tags were not collected.
    pub tags: Option<&'a TagCollector>,
    /// Seconds.
    pub downbeats: &'a [f64],
    /// Spans of music.
    pub music: &'a [Span],
    /// Length of the file, in seconds.
    pub duration: f64,
}

/// Describes the music of a file; empty where there is none.
pub(super) fn summarize_music(source: &MusicSource<'_>) -> Result<MusicSummary> {
    let models = source.models;
    let (Some(first), Some(last)) = (source.music.first(), source.music.last()) else {
        return Ok(MusicSummary::default());
    };
    let timbre = source.timbre.summary(source.music);
    let mut seconds = source.timbre.seconds();
    // The last frame may be centered on the very end of the file, which would start another second.
    seconds.truncate(source.duration.ceil() as usize);
    let energy_curve = energy_curve(&seconds, source.music);
    let bars = bars(source, &energy_curve);
    let sections = sections::sections(&bars, &energy_curve, first.start, last.end);
    let mut summary = MusicSummary {
        key: source.chroma.key(source.music),
        phrases: sections::phrases(&bars, &sections),
        sections,
        energy_curve,
        onsets_per_second: Some(timbre.onsets),
        ..MusicSummary::default()
    };
    if let Some(tags) = source.tags.and_then(TagCollector::summary) {
        summary.tags = tags::best(&tags.tags, models.music_tag_labels()?);
        let (axes, mood) = music_mood::describe(models.mood_axes(&tags.penultimate)?, &timbre);
        (summary.axes, summary.mood) = (Some(axes), Some(mood));
        summary.embedding = models.music_embedding(&tags.penultimate)?;
    }
    Ok(summary)
}

/// The bars between downbeats, with the features that sections are found by.
fn bars(source: &MusicSource<'_>, curve: &[f64]) -> Vec<Bar> {
    let patches = source.tags.map_or(&[][..], TagCollector::patches);
    source
        .downbeats
        .windows(2)
        .filter_map(|ends| match *ends {
            [start, end] => Some(Bar {
                start,
                end,
                embedding: embedding_at(patches, (start + end) / 2.0),
                notes: source.chroma.notes(start, end),
                energy: mean_energy(curve, start, end),
            }),
            _ => None,
        })
        .collect()
}

/// The embedding at `time`, interpolated between the patches before and after; empty where neither is near.
fn embedding_at(patches: &[PatchEmbedding], time: f64) -> Vec<f32> {
    let next = patches.partition_point(|patch| patch.time < time);
    let near = |patch: &&PatchEmbedding| (patch.time - time).abs() <= NEAR;
    let before = next
        .checked_sub(1)
        .and_then(|at| patches.get(at))
        .filter(near);
    let after = patches.get(next).filter(near);
    match (before, after) {
        (Some(before), Some(after)) if after.time > before.time => {
            let share = ((time - before.time) / (after.time - before.time)) as f32;
            let pairs = before.embedding.iter().zip(&after.embedding);
            pairs.map(|(a, b)| a + share * (b - a)).collect()
        }
        (Some(patch), _) | (None, Some(patch)) => patch.embedding.clone(),
        (None, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_lie_between_the_patches_around_them() {
        let patch = |time: f64, number: f32| PatchEmbedding {
            time,
            embedding: vec![number],
        };
        let patches = [patch(1.5, 0.0), patch(7.5, 6.0), patch(30.0, 1.0)];
        for (time, wanted) in [
            (0.0, Some(0.0)),
            (3.5, Some(2.0)),
            (9.0, Some(6.0)),
            (28.0, Some(1.0)),
            (18.0, None),
        ] {
            let found = embedding_at(&patches, time);
            assert_eq!(found.first().copied(), wanted, "{time}");
        }
    }
}
