//! The pictures and clips that are made of one file.

use std::path::Path;

use super::arrival::Arrival;
use super::document::Rendition;
use super::preset::{IngestPreset, RenditionSpec};
use crate::batch::{ContainerChoice, FormatChoice, Matching, RunMode, SizeLimit};
use crate::error::{Error, Result};
use crate::jobs::{ApplyJob, ApplyState, Workshop, apply_look};
use crate::media::GainMapPolicy;
use crate::picture::Background;
use crate::store::Overwrite;
use crate::task::Task;

/// Makes all renditions of a file. Gives those that were made, and how many failed; what failed has gone to
/// the task.
pub(super) fn render_all(
    preset: &IngestPreset,
    arrival: &Arrival,
    overwrite: Overwrite,
    workshop: &Workshop,
    task: &Task,
) -> Result<(Vec<Rendition>, usize)> {
    let (mut made, mut failed) = (Vec::new(), 0);
    for spec in &preset.renditions {
        let job = apply_job(spec, arrival, overwrite);
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
                    faces_blurred: applied.faces_blurred,
                });
            }
            Ok::<(), Error>(())
        })?;
        failed += report.failed;
    }
    Ok((made, failed))
}

/// A rendition as what `apply` does.
fn apply_job(spec: &RenditionSpec, arrival: &Arrival, overwrite: Overwrite) -> ApplyJob {
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
        fit: spec.long_side.map(SizeLimit::LongSide),
        format: spec.format.map_or(FormatChoice::Keep, |format| {
            FormatChoice::Fixed(format.into())
        }),
        container: ContainerChoice::Playable,
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
