//! The hook of a film that is planned, by its first segments.

use crate::analysis::{Analysis, Shot};
use crate::edit::hook::{HookParts, Opening, face_value, motion_value, strongest};
use crate::edit::planner::context::source_id;
use crate::edit::{Hook, Segment, SourceFile};

/// The hook of a film of these segments.
pub(super) fn hook(sources: &[SourceFile], segments: &[Segment]) -> Hook {
    let mut opening = Opening::default();
    for segment in segments {
        if opening.is_full() {
            break;
        }
        let file = source_of(sources, segment);
        let parts = file.map(|file| segment_parts(&file.analysis, segment));
        opening.add(segment.length().seconds(), parts);
    }
    let faces = sources.iter().map(|file| (nearest_face(file), name(file)));
    let motions = sources.iter().map(|file| (most_motion(file), name(file)));
    opening.hook(strongest(faces), strongest(motions))
}

fn source_of<'a>(sources: &'a [SourceFile], segment: &Segment) -> Option<&'a SourceFile> {
    let mut numbered = sources.iter().enumerate();
    let found = numbered.find(|(number, _)| source_id(*number) == segment.source);
    found.map(|(_, file)| file)
}

fn segment_parts(analysis: &Analysis, segment: &Segment) -> HookParts {
    let shown = segment.crop.first().map_or(1.0, |point| point[3]).max(1e-3);
    let middle = (segment.start + segment.end) / 2.0;
    let shot = analysis.video.as_ref().and_then(|video| {
        let mut shots = video.shots.iter();
        shots.find(|shot| (shot.start..shot.end).contains(&middle))
    });
    let picture = shot.map(|shot| &shot.picture).or(analysis.picture.as_ref());
    HookParts::of(picture, shot, (segment.start, segment.end), shown)
}

fn name(file: &SourceFile) -> String {
    let name = file.path.file_name();
    name.map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn shots_of(file: &SourceFile) -> &[Shot] {
    let video = file.analysis.video.as_ref();
    video.map_or(&[], |video| video.shots.as_slice())
}

fn nearest_face(file: &SourceFile) -> f64 {
    let still = file.analysis.picture.iter();
    let moving = shots_of(file).iter().map(|shot| &shot.picture);
    let values = still.chain(moving).map(|picture| face_value(picture, 1.0));
    values.fold(0.0, f64::max)
}

fn most_motion(file: &SourceFile) -> f64 {
    let shots = shots_of(file).iter();
    shots.map(motion_value).fold(0.0, f64::max)
}
