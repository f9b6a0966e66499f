//! The format of a plan, and the files that it uses.

use crate::analysis::FileKind;
use crate::edit::music_bed::{MUSIC_ID, music_source};
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::request::EditRequest;
use crate::edit::{OutputSpec, Source, SourceKind};
use crate::picture::Background;
use crate::time::Rational;

/// The format of a film of this length.
pub(super) fn output_spec(context: &PlanContext<'_>, duration: Rational) -> OutputSpec {
    let request = context.request;
    OutputSpec {
        width: context.output.width,
        height: context.output.height,
        frame_rate: context.rate,
        duration: duration.seconds(),
        duration_exact: duration,
        loudness_lufs: request.platform.loudness_lufs,
        true_peak_dbtp: request.platform.true_peak_dbtp,
        platform: request.platform.id.clone(),
        style: request.style.id.clone(),
        seed: request.seed,
        background: Background::BLACK,
        captions: None,
    }
}

/// The files that the plan uses, in the order of the request, with the music last.
pub(super) fn plan_sources(request: &EditRequest<'_>, used: &[&str]) -> Vec<Source> {
    let is_used = |id: &str| used.contains(&id);
    let mut sources: Vec<Source> = request
        .sources
        .iter()
        .enumerate()
        .filter(|(number, _)| is_used(&source_id(*number)))
        .map(|(number, source)| Source {
            id: source_id(number),
            path: source.path.to_string_lossy().into_owned(),
            blake3: source.analysis.file.blake3.clone(),
            kind: match source.analysis.file.kind {
                FileKind::Image => SourceKind::Image,
                FileKind::Video => SourceKind::Video,
                FileKind::Audio => SourceKind::Audio,
            },
            title: None,
            license: None,
            attribution: None,
        })
        .collect();
    let music = request.music.as_ref().filter(|music| !music.guide);
    let is_film = |source: &Source| source.kind != SourceKind::Audio;
    if let Some(music) = music.filter(|_| sources.iter().any(is_film)) {
        sources.push(music_source(music.track, MUSIC_ID));
    }
    sources
}
