//! One clip in, one clip out: pictures through the look, the rest as it was.

use std::path::Path;

use rayon::ThreadPool;

use crate::batch::names::Job;
use crate::batch::run::Made;
use crate::batch::settings::Settings;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::looks::CompiledLook;
use crate::media::{ClipSettings, ClipWriter, FrameSize, VideoReader};
use crate::task::Task;

/// Makes the result of `job` in the file `into`. `seed` makes grain; `threads` do what one frame lets be done side by
/// side.
pub(super) fn make(
    job: &Job,
    settings: &Settings,
    look: &CompiledLook,
    seed: u64,
    threads: &ThreadPool,
    into: &Path,
    task: &Task,
) -> Result<Made> {
    let decoders = threads.current_num_threads();
    let mut reader = VideoReader::open(&job.source, &settings.limits, decoders)?;
    let whole = reader.facts().size;
    let size = even(settings.fit.map_or(whole, |fit| fit.of(whole)));
    let mut writer = ClipWriter::create(
        into,
        &ClipSettings {
            size,
            original: &job.source,
            probe: &job.facts,
            metadata: settings.metadata,
            limits: &settings.limits,
        },
    )?;
    let location = writer.has_location();
    let partial = loop {
        task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) => break None,
            Err(problem @ Error::BreaksOff { .. }) if settings.partial => break Some(problem),
            Err(problem) => return Err(problem),
        };
        let mut frame = reader.image(FrameSize::Exact(size))?;
        threads.install(|| look.apply(&mut frame, seed, info.index));
        writer.write_frame(&frame, info.time, info.end)?;
    };
    writer.finish()?;
    Ok(Made {
        size,
        location,
        partial,
    })
}

/// The nearest size that 4:2:0 can have.
fn even(size: Size) -> Size {
    let side = |side: u32| (side & !1).max(2);
    Size::new(side(size.width), side(size.height))
}
