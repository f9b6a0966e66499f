//! Sampled frames and their analysis by networks and plain measurements.

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

/// Pictures kept of an open shot as candidates for its key frame: 12 of 640 pixels take 8 MB.
const KEPT_PICTURES: usize = 12;
/// Samples of the open shot that keep their thumbnails: ten minutes. In a longer take, earlier samples that miss the
/// subject are no longer bridged by matching.
const KEPT_THUMBS: usize = 1500;
/// Width of a face (share of the picture) from which it counts fully for a moment; the smallest count a fifth.
const FULL_FACE: f64 = 0.10;
/// The salience of an object times this is its value for a moment.
const OBJECT_FACTOR: f64 = 1.5;

/// A sampled frame and the detections in it.
pub(super) struct Sample {
    /// Its number in the film.
    pub frame: u64,
    /// `None` once it was dropped to limit memory.
    pub picture: Option<Rgb8>,
    pub measures: SampleMeasures,
    pub subjects: SubjectSample,
    /// Faces first.
    pub people: Vec<PersonDetection>,
}

/// Analyzes sampled frames.
pub(super) struct SampleAnalyzer<'a> {
    pub models: &'a Models,
    pub scope: &'a Scope,
}

impl SampleAnalyzer<'_> {
    /// Analyzes frame `number`, shown at `time` (seconds).
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
        // Objects cost as much as faces, and a face is the subject anyway, so they are only searched without one.
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

/// Faces and people of a sample with their appearance, faces first.
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

/// Drops what a long shot does not need: thumbnails of old samples, and surplus pictures before frame `settled`.
pub(super) fn limit_memory(samples: &mut VecDeque<Sample>, settled: u64) {
    if let Some(old) = samples.len().checked_sub(KEPT_THUMBS + 1)
        && let Some(sample) = samples.get_mut(old)
    {
        sample.subjects.thumb = LumaPlane::default();
    }
    thin_pictures(samples, settled);
}

/// Drops the less suitable of two neighboring pictures of the open shot, so that the rest stay spread over it.
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
