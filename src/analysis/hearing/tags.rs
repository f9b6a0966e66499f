//! Music tags: musicnn on patches of three seconds, where there is music.

use super::voice::RATE;
use crate::analysis::LabelScore;
use crate::error::Result;
use crate::models::{Models, SoundEventFrame};
use crate::task::Task;

/// Samples of one patch of the network: 187 frames of 256.
const PATCH: usize = 187 * 256;
/// Samples from one patch to the next: three seconds.
const STEP: usize = 3 * RATE;
/// Event frames of a step.
const EVENTS: usize = 300;
/// Patches from one look at the task to the next.
const BATCH: usize = 2;
/// A patch is music when the mean probability passes this.
const MUSIC: f32 = 0.5;
/// The network is the dearest here, so after three minutes it hears every fourth patch, after twelve every sixteenth; each
/// then stands for as many.
const DENSE: [(usize, usize); 2] = [(60, 1), (240, 4)];
const SPARSE: usize = 16;

/// Labels below this are not told, nor more than this many.
const LEAST: f64 = 0.05;
const MOST: usize = 10;

/// Sums up what the network says, patch by patch.
#[derive(Default)]
pub(super) struct TagCollector {
    weight: f64,
    tags: Vec<f64>,
}

/// What the network says of all the music.
pub(super) struct TagSummary {
    /// One probability for each label.
    pub tags: Vec<f64>,
}

impl TagCollector {
    /// Hears the musical patches of `samples`, which begin at `start` in the stream and whose `events` these are.
    pub fn collect(
        &mut self,
        models: &Models,
        task: &Task,
        samples: &[f32],
        start: usize,
        events: &[SoundEventFrame],
    ) -> Result<()> {
        let chosen: Vec<(usize, usize)> = (0..samples.len().div_ceil(STEP))
            .filter_map(|patch| {
                let stride = stride((start / STEP) + patch);
                let chosen = (start / STEP + patch).is_multiple_of(stride)
                    && is_music(events, patch * EVENTS)
                    // A scrap at the end says nothing, unless there is nothing else.
                    && (samples.len() - patch * STEP >= PATCH || (start == 0 && patch == 0));
                chosen.then_some((patch * STEP, stride))
            })
            .collect();
        let mut rest = &chosen[..];
        while let Some(&(first, stride)) = rest.first() {
            task.check()?;
            // Neighbors go together.
            let count = rest
                .iter()
                .take(BATCH)
                .enumerate()
                .take_while(|(index, (place, other))| {
                    *place == first + index * STEP && *other == stride
                })
                .count();
            let end = (first + count * PATCH).min(samples.len());
            let heard = models.music_tags(&samples[first..end])?;
            self.add(&heard.tags, (count * stride) as f64);
            rest = &rest[count..];
        }
        Ok(())
    }

    fn add(&mut self, tags: &[f32], weight: f64) {
        self.tags.resize(self.tags.len().max(tags.len()), 0.0);
        for (sum, tag) in self.tags.iter_mut().zip(tags) {
            *sum += weight * f64::from(*tag);
        }
        self.weight += weight;
    }

    /// The weighted mean; `None` where there was no music.
    pub fn summary(&self) -> Option<TagSummary> {
        (self.weight > 0.0).then(|| TagSummary {
            tags: self.tags.iter().map(|sum| sum / self.weight).collect(),
        })
    }
}

/// Labels with their scores, best first.
pub(super) fn best(tags: &[f64], labels: &[String]) -> Vec<LabelScore> {
    let mut scores: Vec<LabelScore> = labels
        .iter()
        .zip(tags)
        .filter(|(_, score)| **score >= LEAST)
        .map(|(label, &score)| LabelScore {
            label: label.clone(),
            score,
        })
        .collect();
    scores.sort_by(|a, b| b.score.total_cmp(&a.score));
    scores.truncate(MOST);
    scores
}

fn stride(patch: usize) -> usize {
    DENSE
        .iter()
        .find(|(until, _)| patch < *until)
        .map_or(SPARSE, |(_, stride)| *stride)
}

fn is_music(events: &[SoundEventFrame], from: usize) -> bool {
    let frames = events.get(from..).unwrap_or(&[]);
    let frames = &frames[..frames.len().min(EVENTS)];
    let sum: f32 = frames.iter().map(|frame| frame.music).sum();
    !frames.is_empty() && sum / frames.len() as f32 > MUSIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_labels_come_first_and_weak_ones_not_at_all() {
        let labels: Vec<String> = (0..12).map(|label| format!("label {label}")).collect();
        let tags = [0.1, 0.04, 0.5, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2];
        let best = best(&tags, &labels);
        assert_eq!(best.len(), MOST);
        assert_eq!(best[0].label, "label 2");
        assert_eq!(best[9].label, "label 0");
        assert!(best.iter().all(|tag| tag.score >= LEAST));
    }

    #[test]
    fn patches_thin_out_and_their_weight_grows() {
        assert_eq!(stride(0), 1);
        assert_eq!(stride(59), 1);
        assert_eq!(stride(60), 4);
        assert_eq!(stride(100_000), 16);
        let mut collector = TagCollector::default();
        assert!(collector.summary().is_none());
        collector.add(&[1.0, 0.0], 1.0);
        collector.add(&[0.0, 1.0], 3.0);
        assert_eq!(collector.summary().unwrap().tags, [0.25, 0.75]);
    }
}
