//! Music tags by musicnn, from the parts of a file that are music, and the features that axes, embedding and sections
//! come from.

use crate::analysis::LabelScore;
use crate::error::Result;
use crate::models::{EVENT_RATE, MUSIC_PATCH, Models, MusicPatch, SoundEventFrame, VOICE_RATE};
use crate::task::Task;

/// Samples from one patch to the next: three seconds.
const STEP: usize = 3 * VOICE_RATE as usize;
/// Event frames of a step.
const EVENTS: usize = 3 * EVENT_RATE as usize;
/// A patch counts as music when its mean probability of music is above this.
const MUSIC: f32 = 0.5;
/// The networks run on every second patch with music. They are the most expensive part of the analysis of sound, and
/// half of the music, evenly spaced, describes it.
const SPACING: usize = 2;

/// Labels with a lower score are left out.
const LEAST: f64 = 0.05;
/// Most labels of a track.
const MOST: usize = 16;
/// Labels that mean the same: the one reported, and its synonyms.
const SYNONYMS: [(&str, &[&str]); 9] = [
    ("no vocals", &["no vocal", "no voice"]),
    ("vocals", &["vocal", "voice", "singing"]),
    (
        "female vocals",
        &[
            "female vocalists",
            "female vocalist",
            "female vocal",
            "female voice",
            "female",
            "woman",
        ],
    ),
    (
        "male vocals",
        &["male vocalists", "male vocal", "male voice", "male", "man"],
    ),
    ("classical", &["classic"]),
    ("beat", &["beats"]),
    ("choir", &["choral"]),
    ("electronic", &["electronica", "electro"]),
    ("chill", &["chillout"]),
];

/// A part of the 16 kHz stream to take tags from.
pub(super) struct TaggedPart<'a> {
    pub samples: &'a [f32],
    /// The sample of the stream that the part begins with.
    pub start: usize,
    /// The event frames of the part: where there is music.
    pub events: &'a [SoundEventFrame],
}

/// Adds up the outputs of the networks, patch by patch.
#[derive(Default)]
pub(super) struct TagCollector {
    /// Patches with music so far, and how many of them the networks ran on.
    musical: usize,
    heard: usize,
    tags: [Vec<f64>; 2],
    penultimate: Vec<f64>,
    patches: Vec<PatchEmbedding>,
}

/// The embedding of one patch.
#[derive(Debug, Clone)]
pub(super) struct PatchEmbedding {
    /// Middle of the patch, in seconds.
    pub time: f64,
    pub embedding: Vec<f32>,
}

/// Mean outputs of the networks over all patches.
pub(super) struct TagSummary {
    /// One probability for each label of each network.
    pub tags: [Vec<f64>; 2],
    /// The penultimate layers of both networks, one after the other.
    pub penultimate: Vec<f64>,
}

impl TagCollector {
    /// Runs the networks on every second musical patch of `part`.
    pub fn collect(&mut self, models: &Models, task: &Task, part: &TaggedPart<'_>) -> Result<()> {
        let &TaggedPart {
            samples,
            start,
            events,
        } = part;
        for patch in 0..samples.len().div_ceil(STEP) {
            if !is_music(events, patch * EVENTS) || !self.is_next() {
                continue;
            }
            task.check()?;
            // The last patch is moved back to end with the samples.
            let first = (patch * STEP).min(samples.len().saturating_sub(MUSIC_PATCH));
            let last = (first + MUSIC_PATCH).min(samples.len());
            let middle = (start + (first + last) / 2) as f64 / f64::from(VOICE_RATE);
            for heard in models.music_patches(&samples[first..last])? {
                let numbers: Vec<f64> = heard.penultimate.iter().copied().map(f64::from).collect();
                let embedding = models.music_projection(&numbers)?;
                self.patches.push(PatchEmbedding {
                    time: middle,
                    embedding: embedding.into_iter().map(|number| number as f32).collect(),
                });
                self.add(&heard);
            }
        }
        Ok(())
    }

    /// Counts a patch with music; true if the networks are to run on it.
    fn is_next(&mut self) -> bool {
        self.musical += 1;
        (self.musical - 1).is_multiple_of(SPACING)
    }

    fn add(&mut self, patch: &MusicPatch) {
        for (sums, tags) in self.tags.iter_mut().zip(&patch.tags) {
            add(sums, tags);
        }
        add(&mut self.penultimate, &patch.penultimate);
        self.heard += 1;
    }

    /// The embeddings of the patches, in order.
    pub fn patches(&self) -> &[PatchEmbedding] {
        &self.patches
    }

    /// The means; `None` where there was no music.
    pub fn summary(&self) -> Option<TagSummary> {
        let mean = |sums: &Vec<f64>| sums.iter().map(|sum| sum / self.heard as f64).collect();
        (self.heard > 0).then(|| TagSummary {
            tags: self.tags.each_ref().map(mean),
            penultimate: mean(&self.penultimate),
        })
    }
}

fn add(sums: &mut Vec<f64>, numbers: &[f32]) {
    sums.resize(sums.len().max(numbers.len()), 0.0);
    for (sum, &number) in sums.iter_mut().zip(numbers) {
        *sum += f64::from(number);
    }
}

/// Labels of both networks with their scores, best first; synonyms are merged and keep the highest score.
pub(super) fn best(tags: &[Vec<f64>; 2], labels: [&[String]; 2]) -> Vec<LabelScore> {
    let mut scores: Vec<LabelScore> = Vec::new();
    for (labels, tags) in labels.iter().zip(tags) {
        for (label, &score) in labels.iter().zip(tags) {
            if score < LEAST {
                continue;
            }
            let label = canonical(label);
            match scores.iter_mut().find(|known| known.label == label) {
                Some(known) => known.score = known.score.max(score),
                None => scores.push(LabelScore {
                    label: label.to_owned(),
                    score,
                }),
            }
        }
    }
    scores.sort_by(|a, b| b.score.total_cmp(&a.score));
    scores.truncate(MOST);
    scores
}

fn canonical(label: &str) -> &str {
    SYNONYMS
        .iter()
        .find(|(_, others)| others.contains(&label))
        .map_or(label, |(name, _)| name)
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
        let labels: Vec<String> = (0..20).map(|label| format!("label {label}")).collect();
        let mut tags = vec![0.2; 20];
        (tags[0], tags[1], tags[2]) = (0.1, 0.04, 0.5);
        let best = best(&[tags, Vec::new()], [&labels, &[]]);
        assert_eq!(best.len(), MOST);
        assert_eq!(best[0].label, "label 2");
        assert!(best.iter().all(|tag| tag.score >= LEAST));
    }

    #[test]
    fn labels_that_say_the_same_are_told_once() {
        let labels = |names: &[&str]| -> Vec<String> { names.iter().map(|&n| n.into()).collect() };
        let (first, second) = (
            labels(&["female vocalists", "rock"]),
            labels(&["woman", "rock"]),
        );
        let best = best(&[vec![0.3, 0.4], vec![0.6, 0.2]], [&first, &second]);
        let told: Vec<(&str, f64)> = best
            .iter()
            .map(|tag| (tag.label.as_str(), tag.score))
            .collect();
        assert_eq!(told, [("female vocals", 0.6), ("rock", 0.4)]);
    }

    #[test]
    fn at_least_two_fifths_of_the_music_are_heard_for_any_length() {
        for patches in 1..2_000 {
            let mut collector = TagCollector::default();
            let heard = (0..patches).filter(|_| collector.is_next()).count();
            // The last patch may be short, and the network's patch is slightly shorter than the step.
            let covered = heard as f64 * MUSIC_PATCH as f64;
            assert!(
                covered >= 0.4 * (patches * STEP) as f64,
                "{patches}: {heard}"
            );
            assert!(heard <= patches / SPACING + 1);
        }
        assert!(TagCollector::default().summary().is_none());
    }
}
