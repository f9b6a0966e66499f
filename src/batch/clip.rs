//! One clip in, one clip out: pictures through the look, the rest as it was.

use std::path::Path;

use crate::batch::adjust::{Adjusted, MEASURED_SIDE, adjusted, middle};
use crate::batch::frame::{largest, steady};
use crate::batch::names::Job;
use crate::batch::run::{Made, Tools};
use crate::batch::settings::{Matching, Settings};
use crate::error::{Error, Result};
use crate::geometry::{Rect, Size};
use crate::looks::{CompiledLook, Correction, MaskTracker, Masks};
use crate::media::{ClipSettings, ClipWriter, FrameSize, MetadataPolicy, VideoReader};
use crate::models::Models;
use crate::picture::{Filter, Planar, Rgb8, crop_resize, resize};
use crate::store::Output;
use crate::task::Task;
use crate::time::Rational;

/// Frames that a clip's light and color are measured on.
const FRAMES: i64 = 5;

/// Makes the result of `job` in `output`. `seed` makes grain.
pub(super) fn make(
    job: &Job,
    tools: Tools,
    seed: u64,
    output: &Output,
    task: &Task,
) -> Result<Made> {
    let Tools {
        settings,
        look,
        models,
        threads,
    } = tools;
    let decoders = threads.current_num_threads();
    let mut reader = VideoReader::open(&job.source, &settings.limits, decoders)?;
    let whole = reader.facts().size;
    let kept = settings
        .aspect
        .map_or(whole, |aspect| largest(whole, aspect));
    let crop = if kept == whole {
        None
    } else {
        let kept = even(kept);
        let frames = spread(&mut reader, &job.source)?;
        Some(steady(&frames, (whole, kept), models)?)
    };
    let size = even(settings.fit.map_or(kept, |fit| fit.of(kept)));
    let end = reader.facts().duration.map(Rational::seconds);
    let (own, adjusted) = own_look(&mut reader, &job.source, settings, look, models)?;
    let mut tracker = MaskTracker::new(own.mask_sources(), models);
    let same = own.is_identity() && size == whole && comes_out_as_it_is(job, settings);
    let clip = ClipSettings {
        size,
        original: &job.source,
        probe: &job.facts,
        metadata: settings.metadata,
        limits: &settings.limits,
    };
    let mut writer = ClipWriter::create(output.path(), &clip)?;
    let location = writer.has_location();
    // Where only color changes, no RGB picture is made of a frame.
    let mut planar = (own.fits_planes() && size == whole)
        .then(|| Planar::new(size))
        .flatten();
    let partial = loop {
        task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) => break None,
            Err(problem @ Error::BreaksOff { .. }) if settings.partial => break Some(problem),
            Err(problem) => return Err(problem),
        };
        if same {
            continue;
        }
        if let Some(end) = end.filter(|end| *end > 0.0) {
            task.progress(info.time.seconds() / end);
        }
        let done = match (&mut planar, reader.planes()) {
            (Some(planar), Some(frame)) => threads.install(|| own.apply_planes(&frame, planar)),
            _ => false,
        };
        if let Some(planar) = planar.as_ref().filter(|_| done) {
            writer.write_planes(planar, info.time, info.end)?;
            continue;
        }
        let cut =
            |frame: Rgb8, crop: Rect, size: Size| crop_resize(&frame, crop, size, Filter::Lanczos);
        let mut frame = match crop {
            None => reader.image(FrameSize::Exact(size))?,
            Some(crop) => cut(reader.image(FrameSize::Exact(whole))?, crop, size),
        };
        if tracker.is_idle() {
            threads.install(|| own.apply(&mut frame, seed, info.index));
        } else {
            let small = match crop {
                None => reader.image(FrameSize::LongSide(MEASURED_SIDE))?,
                Some(_) => resize(&frame, size.within(MEASURED_SIDE), Filter::Box),
            };
            let time = info.time.seconds();
            threads.install(|| -> Result<()> {
                let masked = own.with_masks(tracker.next(&small, time)?);
                masked.apply(&mut frame, seed, info.index);
                Ok(())
            })?;
        }
        writer.write_frame(&frame, info.time, info.end)?;
    };
    if same {
        drop(writer);
        output.copy_of(&job.source)?;
        return Ok(Made {
            size,
            location,
            partial,
            adjusted,
        });
    }
    writer.finish()?;
    Ok(Made {
        size,
        location,
        partial,
        adjusted,
    })
}

/// Whether nothing was asked for that a new film could give: then the original's own bytes are the best film of it.
/// Where it breaks off they are so too, as far as it goes.
fn comes_out_as_it_is(job: &Job, settings: &Settings) -> bool {
    let upright = job
        .facts
        .video
        .as_ref()
        .is_some_and(|facts| facts.rotation == 0 && facts.sample_aspect == Rational::ONE);
    upright && job.facts.container == job.format.name() && settings.metadata == MetadataPolicy::Keep
}

/// The look for a clip as a whole, and what is different about it. The reader is at the beginning again.
fn own_look(
    reader: &mut VideoReader,
    path: &Path,
    settings: &Settings,
    look: &CompiledLook,
    models: Option<&Models>,
) -> Result<(CompiledLook, Option<Adjusted>)> {
    let (asked, strength) = (&settings.look, settings.strength);
    match settings.matching {
        // Evening goes by what is measured, and frame by frame it would flicker.
        Matching::None if asked.evens() && strength > 0.0 => {
            let (_, correction) = measured(reader, path)?;
            let own = CompiledLook::measured(asked, strength, &correction)?;
            Ok((own, None))
        }
        Matching::None => Ok((look.clone(), None)),
        // A clip is no photo of a scene: it is corrected for itself.
        Matching::Each | Matching::Set => {
            let (frame, correction) = measured(reader, path)?;
            let masks = Masks::measure(&asked.mask_sources(), &frame, models)?;
            let (own, adjusted) = adjusted(asked, strength, &frame, &frame, &correction, &masks)?;
            Ok((own, Some(adjusted)))
        }
    }
}

/// What the middle of frames spread over a clip lacks, and one of them.
fn measured(reader: &mut VideoReader, path: &Path) -> Result<(Rgb8, Correction)> {
    let frames = spread(reader, path)?;
    let corrections: Vec<Correction> = frames.iter().map(Correction::measure).collect();
    let place = frames.len() / 2;
    match frames.into_iter().nth(place) {
        Some(frame) => Ok((frame, middle(&corrections))),
        None => Err(Error::damaged(path, "none of its frames can be decoded")),
    }
}

/// Small copies of frames spread over a clip, at least one. The reader is at the beginning again.
fn spread(reader: &mut VideoReader, path: &Path) -> Result<Vec<Rgb8>> {
    let duration = reader.facts().duration.unwrap_or(Rational::ZERO);
    let mut frames = Vec::new();
    for part in 0..FRAMES {
        let share = Rational::new(2 * part + 1, 2 * FRAMES).unwrap_or(Rational::ZERO);
        reader.seek(duration * share)?;
        // Where a clip breaks off, those before it say enough.
        if let Ok(Some(_)) = reader.next_frame() {
            frames.push(reader.image(FrameSize::LongSide(MEASURED_SIDE))?);
        }
    }
    reader.seek(Rational::ZERO)?;
    if frames.is_empty() {
        return Err(Error::damaged(path, "none of its frames can be decoded"));
    }
    Ok(frames)
}

/// The nearest size that 4:2:0 can have.
fn even(size: Size) -> Size {
    let side = |side: u32| (side & !1).max(2);
    Size::new(side(size.width), side(size.height))
}
