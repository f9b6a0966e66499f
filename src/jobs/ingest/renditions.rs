//! The pictures and clips that are made of one file.

use std::path::Path;

use super::arrival::Arrival;
use super::best_of_clip::{best_frame, best_stretch};
use super::document::Rendition;
use super::preset::{ClipRendition, IngestPreset, RenditionSpec};
use super::reel::make_reel;
use crate::analysis::{Analysis, FileKind};
use crate::batch::{ClipForm, ContainerChoice, FormatChoice, Matching, RunMode, SizeLimit};
use crate::error::{Error, Result};
use crate::jobs::{ApplyJob, ApplyState, Workshop, apply_look};
use crate::media::{CarriedTracks, GainMapPolicy};
use crate::picture::Background;
use crate::store::Overwrite;
use crate::task::Task;
use crate::time::rounded;

/// Seconds of an animation where the preset names none.
const ANIMATION_SECONDS: f64 = 3.0;
/// The longer side of an animation where the preset names none, and the longest that it may have, in pixels.
const ANIMATION_SIDE: u32 = 480;
const MOST_ANIMATION_SIDE: u32 = 960;

/// Makes all renditions of a file that was analyzed. Gives those that were made, and how many failed; what failed has
/// gone to the task.
pub(super) fn render_all(
    arrival: &Arrival,
    analysis: &Analysis,
    job: &RenditionJob<'_>,
    workshop: &Workshop,
    task: &Task,
) -> Result<(Vec<Rendition>, usize)> {
    let (mut made, mut failed) = (Vec::new(), 0);
    let is_clip = analysis.file.kind == FileKind::Video;
    for spec in &job.preset.renditions {
        let clips = match spec.clips {
            _ if !is_clip => ClipForm::Film,
            ClipRendition::Film => ClipForm::Film,
            ClipRendition::Still => best_frame(analysis),
            ClipRendition::Animation => {
                best_stretch(analysis, spec.seconds.unwrap_or(ANIMATION_SECONDS))
            }
            ClipRendition::Reel => {
                match make_reel(spec, arrival, job.overwrite, workshop, task) {
                    // Too short to be cut: the clip itself is its reel.
                    Ok(None) => ClipForm::Film,
                    Ok(Some(reel)) => {
                        made.push(reel);
                        continue;
                    }
                    Err(problem) => {
                        task.check()?;
                        task.failure(&arrival.path, &problem);
                        failed += 1;
                        continue;
                    }
                }
            }
        };
        let job = apply_job(spec, clips, arrival, job.overwrite);
        let report = apply_look(&job, workshop, task, |result| {
            if let ApplyState::Applied(applied) = result.state {
                let path = Path::new(&result.output).file_name().unwrap_or_default();
                made.push(Rendition {
                    name: spec.name.clone(),
                    path: path.to_string_lossy().into_owned(),
                    width: applied.width,
                    height: applied.height,
                    bytes: applied.bytes,
                    blake3: applied.blake3.clone(),
                    at: begins(clips),
                    faces_blurred: applied.faces_blurred,
                });
            }
            Ok::<(), Error>(())
        })?;
        failed += report.failed;
    }
    Ok((made, failed))
}

/// What the renditions of all files have in common.
pub(super) struct RenditionJob<'a> {
    pub preset: &'a IngestPreset,
    pub overwrite: Overwrite,
}

/// The limit on the longer side; animations, whose frames are in memory all at once, have one in any case.
fn long_side(spec: &RenditionSpec, clips: ClipForm) -> Option<u32> {
    match clips {
        ClipForm::Animation(_) => {
            let wanted = spec.long_side.unwrap_or(ANIMATION_SIDE);
            Some(wanted.min(MOST_ANIMATION_SIDE))
        }
        _ => spec.long_side,
    }
}

/// Where in the clip a still or an animation begins, in seconds.
fn begins(clips: ClipForm) -> Option<f64> {
    match clips {
        ClipForm::Film => None,
        ClipForm::Still { at } => Some(rounded(at.seconds())),
        ClipForm::Animation(stretch) => Some(rounded(stretch.from.seconds())),
    }
}

/// A rendition as what `apply` does.
fn apply_job(
    spec: &RenditionSpec,
    clips: ClipForm,
    arrival: &Arrival,
    overwrite: Overwrite,
) -> ApplyJob {
    ApplyJob {
        profile: None,
        look: spec.look.clone(),
        files: vec![arrival.path.clone()],
        output: arrival.folder.clone(),
        template: Some(format!("{}.{{ext}}", spec.name)),
        strength: 1.0,
        matching: match spec.correct {
            true => Matching::Each,
            false => Matching::None,
        },
        aspect: spec.aspect.map(|[width, height]| (width, height)),
        faces: spec.faces,
        fit: long_side(spec, clips).map(SizeLimit::LongSide),
        format: spec.format.map_or(FormatChoice::Keep, |format| {
            FormatChoice::Fixed(format.into())
        }),
        container: ContainerChoice::Playable,
        clips,
        // Nobody has looked at anything else, and cameras write in subtitles where they are.
        tracks: CarriedTracks::Examined,
        quality: spec.quality,
        subsampling: None,
        background: Background::BLACK,
        metadata: spec.metadata.into(),
        gain_map: GainMapPolicy::Drop,
        partial: true,
        mode: match overwrite {
            Overwrite::Force => RunMode::Force,
            // What a killed run had finished stays; anything else is in the way.
            Overwrite::Refuse => RunMode::Resume,
        },
    }
}
