//! Sampled frames: what networks and plain measurements say of each.

use std::collections::VecDeque;

use crate::analysis::picture::{find_faces, find_objects, salience, sharpness_and_exposure};
use crate::analysis::video::appearance::Appearance;
use crate::analysis::video::luma_thumbnail::LumaPlane;
use crate::analysis::video::moments::SampleMeasures;
use crate::analysis::video::people_tracking::{MOST_DETECTIONS, PersonDetection};
use crate::analysis::video::subject_path::SubjectSample;
use crate::analysis::{Face, ObjectFact, Part, Scope, TrackKind};
use crate::error::Result;
use crate::models::Models;
use crate::picture::Rgb8;

/// Pictures that are kept of an open shot, for its key frame to be chosen from: 12 of 640 pixels take 8 MB.
const KEPT_PICTURES: usize = 12;
/// Samples of the open shot that keep their thumbnails: ten minutes of them. Before those, in one endless take, a
/// subject is no longer carried over a sample that misses it.
const KEPT_THUMBS: usize = 1500;
/// A face this wide (share of the picture) counts fully for a moment; the smallest counts a fifth.
const FULL_FACE: f64 = 0.10;
/// What an object counts for a moment, times its salience.
const OBJECT_FACTOR: f64 = 1.5;

/// A sampled frame with what was found in it.
pub(super) struct Sample {
    /// Its number in the film.
    pub frame: u64,
    /// Dropped when there are too many.
    pub picture: Option<Rgb8>,
    pub measures: SampleMeasures,
    pub subjects: SubjectSample,
    /// Faces first.
    pub people: Vec<PersonDetection>,
}

/// Looks at sampled frames.
pub(super) struct SampleAnalyzer<'a> {
    pub models: &'a Models,
    pub scope: &'a Scope,
}

impl SampleAnalyzer<'_> {
    /// Looks at frame `number`, shown at `time` (seconds).
    pub fn analyze(
        &self,
        number: u64,
        time: f64,
        picture: Rgb8,
        thumb: &LumaPlane,
    ) -> Result<Sample> {
        let (sharpness, exposure) = sharpness_and_exposure(&picture);
        let wants = |part: Part| self.scope.wants(part) || self.scope.wants(Part::Subject);
        let faces = if wants(Part::Faces) {
            find_faces(self.models, &picture, false)?
        } else {
            Vec::new()
        };
        // A face is the subject: objects cost as much again and are looked for only without one.
        let objects = if faces.is_empty() && wants(Part::Objects) && !self.scope.is_fast() {
            find_objects(self.models, &picture)?
        } else {
            Vec::new()
        };
        let face = faces
            .iter()
            .map(|face| face.score * (face.bounds.width / FULL_FACE).clamp(0.2, 1.0))
            .fold(0.0, f64::max);
        let subject = objects
            .iter()
            .map(|object| salience(object) * OBJECT_FACTOR)
            .fold(face, f64::max);
        Ok(Sample {
            frame: number,
            people: people(&picture, &faces, &objects),
            picture: Some(picture),
            measures: SampleMeasures {
                time,
                sharpness,
                exposure,
                face,
                subject: subject.min(1.0),
            },
            subjects: SubjectSample {
                time,
                faces,
                objects,
                thumb: thumb.clone(),
            },
        })
    }
}

/// Faces and people of a sample with what they look like, faces first.
fn people(picture: &Rgb8, faces: &[Face], objects: &[ObjectFact]) -> Vec<PersonDetection> {
    let faces = faces
        .iter()
        .take(MOST_DETECTIONS)
        .map(|face| PersonDetection {
            kind: TrackKind::Face,
            bounds: face.bounds,
            score: face.score,
            appearance: Appearance::of_face(picture, face.bounds),
            mouth: Vec::new(),
        });
    let people = objects.iter().filter(|object| object.label == "person");
    let people = people.take(MOST_DETECTIONS).map(|person| PersonDetection {
        kind: TrackKind::Person,
        bounds: person.bounds,
        score: person.score,
        appearance: Appearance::of(picture, person.bounds),
        mouth: Vec::new(),
    });
    faces.chain(people).collect()
}

/// Drops what a long shot need not keep: thumbnails of old samples, and pictures before frame `settled`.
pub(super) fn limit_memory(samples: &mut VecDeque<Sample>, settled: u64) {
    if let Some(old) = samples.len().checked_sub(KEPT_THUMBS + 1)
        && let Some(sample) = samples.get_mut(old)
    {
        sample.subjects.thumb = LumaPlane::default();
    }
    thin_pictures(samples, settled);
}

/// Drops pictures of the open shot: of two neighbors the duller one, so that those left stay spread over the shot.
fn thin_pictures(samples: &mut VecDeque<Sample>, settled: u64) {
    let kept: Vec<usize> = samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| sample.picture.is_some() && sample.frame < settled)
        .map(|(index, _)| index)
        .collect();
    if kept.len() <= KEPT_PICTURES {
        return;
    }
    for pair in kept.chunks_exact(2) {
        let worth = |index: usize| {
            let measures = &samples[index].measures;
            measures.sharpness + 0.5 * measures.exposure + 0.3 * measures.face
        };
        let duller = if worth(pair[0]) < worth(pair[1]) {
            pair[0]
        } else {
            pair[1]
        };
        samples[duller].picture = None;
    }
}
