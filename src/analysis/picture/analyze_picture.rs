//! Analyzes one picture: runs the measurements and networks in order and collects [`PictureFacts`].

use super::face_details::{FaceSearch, detailed_faces};
use super::luma_view::LumaView;
use super::objects_and_text::{check_safety, find_objects, find_text};
use super::palette::palette;
use super::picture_depth::PictureDepth;
use super::scene_areas::measure_areas;
use super::scene_words::{SceneEvidence, scene_words};
use super::sharpness::SharpnessMap;
use super::subject_map::subject_map;
use super::tone::{Tone, measure_tone};
use super::working_size::{COLOR_SIDE, WORKING_SIDE, reduced};
use super::{composition, compression, mood, pdq, perceptual_hash, quality, subject};
use crate::analysis::{
    Face, LabelScore, ObjectFact, Part, PictureFacts, Scope, Subject, SubjectMap,
};
use crate::error::Result;
use crate::models::Models;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Facts of an sRGB picture of any size.
pub fn analyze_picture(
    models: &Models,
    picture: &Rgb8,
    depth: PictureDepth,
    scope: &Scope,
) -> Result<PictureFacts> {
    let working = &reduced(picture, WORKING_SIDE);
    let small = &reduced(working, COLOR_SIDE);
    let tone = measure_tone(picture, small);
    let compression = match depth {
        PictureDepth::Full => compression::damage(picture),
        // Frames arrive reduced, which removes the traces of block-wise compression.
        PictureDepth::KeyFrame => None,
    };
    let sharpness = SharpnessMap::of(working);
    let mut quality = quality::measure(picture, &sharpness, &tone, compression);
    let for_subject = scope.wants(Part::Subject);
    let faces = if scope.wants(Part::Faces) || for_subject {
        detailed_faces(&FaceSearch {
            models,
            picture,
            working,
            depth,
            fast: scope.is_fast(),
        })?
    } else {
        Vec::new()
    };
    let objects = if scope.wants(Part::Objects) || for_subject {
        find_objects(models, working)?
    } else {
        Vec::new()
    };
    let sizes = PictureSizes {
        models,
        working,
        small,
        depth,
        scope,
    };
    let scene = sizes.scene(&tone, &faces, &objects)?;
    let (subject, subject_map) = sizes.subject(&faces, &objects)?;
    if let Some(subject) = &subject {
        let (inside, outside) = sharpness.apart(subject.bounds);
        quality.subject_sharpness = inside.map(rounded);
        quality.background_sharpness = outside.map(rounded);
    }
    let composition = composition::measure(small, subject.as_ref(), &faces, &scene);
    let (text, possible_text) = scope
        .wants(Part::Text)
        .then(|| find_text(models, working))
        .transpose()?
        .unzip();
    let safety = scope
        .wants(Part::Safety)
        .then(|| check_safety(models, picture))
        .transpose()?;
    let mood = mood::estimate_mood(&tone, &faces, &scene);
    Ok(PictureFacts {
        width: picture.size().width,
        height: picture.size().height,
        palette: palette(small),
        luma: rounded(tone.luma),
        contrast: rounded(tone.contrast),
        tones: tone.tones.into_iter().map(rounded).collect(),
        saturation: rounded(tone.saturation),
        warmth: rounded(tone.warmth),
        clipping: tone.clipping,
        quality,
        faces,
        objects,
        scene,
        subject,
        subject_map,
        mood,
        dynamic_range: rounded(tone.dynamic_range),
        composition: Some(composition),
        text: text.unwrap_or_default(),
        possible_text,
        hash: Some(perceptual_hash::of(working)),
        view: (depth == PictureDepth::Full)
            .then(|| LumaView::of(working, picture.size()).to_text()),
        safety,
        pdq: scope.wants(Part::Fingerprint).then(|| pdq::of(working)),
    })
}

/// A picture at the sizes it is analyzed at, and the scope of the analysis.
struct PictureSizes<'a> {
    models: &'a Models,
    /// Longer side [`WORKING_SIDE`].
    working: &'a Rgb8,
    /// Longer side [`COLOR_SIDE`].
    small: &'a Rgb8,
    depth: PictureDepth,
    scope: &'a Scope,
}

impl PictureSizes<'_> {
    /// Scene words; without [`Part::Scene`] only from measurements, faces and objects.
    fn scene(
        &self,
        tone: &Tone,
        faces: &[Face],
        objects: &[ObjectFact],
    ) -> Result<Vec<LabelScore>> {
        let classification = if self.scope.wants(Part::Scene) {
            self.models.classify(&[self.working])?
        } else {
            Vec::new()
        };
        let probabilities = classification
            .first()
            .map_or(&[][..], |first| first.probabilities.as_slice());
        let head = match classification.first() {
            Some(first) => self.models.scene_words(first)?,
            None => Vec::new(),
        };
        Ok(scene_words(&SceneEvidence {
            probabilities,
            head: &head,
            areas: &measure_areas(self.small),
            tone,
            faces,
            objects,
        }))
    }

    /// The subject, and where the eye goes. Saliency is the most expensive network: in key frames it runs only where
    /// faces and objects do not decide.
    fn subject(
        &self,
        faces: &[Face],
        objects: &[ObjectFact],
    ) -> Result<(Option<Subject>, Option<SubjectMap>)> {
        let subject = subject::choose(faces, objects);
        let ask_saliency = match self.depth {
            _ if !self.scope.wants(Part::Subject) || self.scope.is_fast() => false,
            PictureDepth::Full => true,
            PictureDepth::KeyFrame => subject.is_none(),
        };
        if !ask_saliency {
            return Ok((subject, None));
        }
        let mask = self.models.saliency(self.working)?;
        let map = subject_map(&mask, faces, objects);
        if faces.is_empty() && subject::is_weak(subject.as_ref()) {
            return Ok((subject::with_saliency(subject, &mask), map));
        }
        Ok((subject, map))
    }
}
