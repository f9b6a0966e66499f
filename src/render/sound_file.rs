//! Renders a plan without a picture into a sound file.

use std::path::Path;

use crate::error::Result;
use crate::media::{SoundFileFormat, SoundWriter};
use crate::render::film::{RenderReport, RenderRequest, check_sources, credits};
use crate::render::film_sound::master;
use crate::render::mixer::Mixer;
use crate::sound::FORMAT;
use crate::time::rounded;

/// Share of the progress at which the sound is measured; the rest is for writing it.
const SHARE_MEASURED: f64 = 0.5;

/// Renders the sound of a plan into `temporary`, a path from [`crate::store::Output`].
///
/// Errors: those of [`crate::render::render`].
pub fn render_sound(
    request: &RenderRequest<'_>,
    format: SoundFileFormat,
    temporary: &Path,
) -> Result<RenderReport> {
    let (plan, sources) = (request.plan, request.sound_sources());
    check_sources(request)?;
    let mastering = master(plan, &sources, &request.task)?;
    request.task.progress(SHARE_MEASURED);
    let duration = plan.duration();
    let mut writer = SoundWriter::create(temporary, format, FORMAT, &credits(plan))?;
    let mut mixer = Mixer::new(plan, &sources)?;
    let mut chain = mastering.chain();
    let (mut ready, mut written) = (Vec::new(), 0.0);
    while let Some(block) = mixer.next_block()? {
        request.task.check()?;
        chain.push(&block, &mut ready);
        writer.write(&ready)?;
        ready.clear();
        written += block.len() as f64 / f64::from(FORMAT.rate) / f64::from(FORMAT.channels.max(1));
        let share = (written / duration.seconds().max(1e-9)).min(1.0);
        let left = 1.0 - SHARE_MEASURED;
        request.task.progress(SHARE_MEASURED + left * share);
    }
    chain.finish(&mut ready);
    writer.write(&ready)?;
    writer.finish()?;
    Ok(RenderReport {
        size: None,
        frames: None,
        dynamic_range: None,
        copied_frames: None,
        resumed_frames: None,
        duration: rounded(duration.seconds()),
        duration_exact: duration,
        sound: Some(mastering.report),
        notes: Vec::new(),
    })
}
