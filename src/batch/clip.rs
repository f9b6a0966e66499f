//! One clip in, one clip out: pictures through the look, the rest as it was.

use std::path::Path;

use rayon::ThreadPool;

use crate::batch::adjustment::{Adjustment, Evidence, MEASURED_SIDE, adjust, middle};
use crate::batch::naming::BatchItem;
use crate::batch::rendition::{Rendition, RenditionRequest};
use crate::batch::settings::{BatchSettings, Matching};
use crate::batch::subject_crop::{clip_crop, largest_of_aspect};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::looks::{CompiledLook, Correction, MaskTracker, Masks};
use crate::media::{ClipSettings, ClipWriter, FrameSize, MetadataPolicy, VideoReader};
use crate::picture::{Filter, Planar, Rgb8, crop_resize, resize};
use crate::store::Output;
use crate::task::Task;
use crate::time::Rational;

/// Frames that a clip's light and color are measured on.
const FRAMES: i64 = 5;

/// Makes a result in `output`.
pub(super) fn make(
    request: &RenditionRequest<'_>,
    threads: &ThreadPool,
    output: &Output,
    task: &Task,
) -> Result<Rendition> {
    let RenditionRequest {
        item,
        settings,
        models,
        seed,
        ..
    } = *request;
    let decoders = threads.current_num_threads();
    let mut reader = VideoReader::open(&item.source, &settings.limits, decoders)?;
    let whole = reader.facts().size;
    let kept = settings
        .aspect
        .map_or(whole, |aspect| largest_of_aspect(whole, aspect));
    let crop = if kept == whole {
        None
    } else {
        let kept = even(kept);
        let frames = spread(&mut reader, &item.source)?;
        Some(clip_crop(&frames, whole, kept, models)?)
    };
    let size = even(settings.fit.map_or(kept, |fit| fit.of(kept)));
    let end = reader.facts().duration.map(Rational::seconds);
    let (look, adjusted) = look_for(request, &mut reader)?;
    let mut tracker = MaskTracker::new(look.mask_sources(), models);
    let same = look.is_identity() && size == whole && may_be_copied(item, settings);
    let clip = ClipSettings {
        size,
        original: &item.source,
        probe: &item.facts,
        metadata: settings.metadata,
        limits: &settings.limits,
    };
    let mut writer = ClipWriter::create(output.path(), &clip)?;
    let location = writer.has_location();
    let left_out = writer.left_out().to_vec();
    // Where only color changes, no RGB picture is made of a frame.
    let mut planar = (look.fits_planes() && size == whole)
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
            (Some(planar), Some(frame)) => threads.install(|| look.apply_planes(&frame, planar)),
            _ => false,
        };
        if let Some(planar) = planar.as_ref().filter(|_| done) {
            writer.write_planes(planar, info.time, info.end)?;
            continue;
        }
        let mut frame = match crop {
            None => reader.image(FrameSize::Exact(size))?,
            Some(crop) => {
                let frame = reader.image(FrameSize::Exact(whole))?;
                crop_resize(&frame, crop, size, Filter::Lanczos)
            }
        };
        if tracker.is_idle() {
            threads.install(|| look.apply(&mut frame, seed, info.index));
        } else {
            let small = match crop {
                None => reader.image(FrameSize::LongSide(MEASURED_SIDE))?,
                Some(_) => resize(&frame, size.within(MEASURED_SIDE), Filter::Lanczos),
            };
            let time = info.time.seconds();
            threads.install(|| -> Result<()> {
                let masked = look.with_masks(tracker.next(&small, time)?);
                masked.apply(&mut frame, seed, info.index);
                Ok(())
            })?;
        }
        writer.write_frame(&frame, info.time, info.end)?;
    };
    if same {
        drop(writer);
        output.copy_of(&item.source)?;
        return Ok(Rendition {
            size,
            location,
            partial,
            // A copy has everything.
            left_out: Vec::new(),
            adjusted,
        });
    }
    writer.finish()?;
    Ok(Rendition {
        size,
        location,
        partial,
        left_out,
        adjusted,
    })
}

/// Whether nothing was asked for that a new film could give: then the original's own bytes are the best film of it.
/// Where it breaks off they are so too, as far as it goes.
fn may_be_copied(item: &BatchItem, settings: &BatchSettings) -> bool {
    let upright = item
        .facts
        .video
        .as_ref()
        .is_some_and(|facts| facts.rotation == 0 && facts.sample_aspect == Rational::ONE);
    upright
        && item.facts.container == item.format.name()
        && settings.metadata == MetadataPolicy::Keep
}

/// The look for a clip as a whole, and what is different about it. The reader is at the beginning again.
fn look_for(
    request: &RenditionRequest<'_>,
    reader: &mut VideoReader,
) -> Result<(CompiledLook, Option<Adjustment>)> {
    let RenditionRequest {
        item,
        settings,
        models,
        ..
    } = *request;
    let (asked, strength, path) = (&settings.look, settings.strength, &item.source);
    match settings.matching {
        // Evening goes by what is measured, and frame by frame it would flicker.
        Matching::None if asked.evens() && strength > 0.0 => {
            let (_, correction) = measured(reader, path)?;
            Ok((CompiledLook::measured(asked, strength, &correction)?, None))
        }
        Matching::None => Ok((request.look.clone(), None)),
        // A clip is no photo of a scene: it is corrected for itself.
        Matching::Each | Matching::Set => {
            let (frame, correction) = measured(reader, path)?;
            let masks = Masks::measure(&asked.mask_sources(), &frame, models)?;
            let evidence = Evidence {
                small: &frame,
                detail: &frame,
                correction: &correction,
                masks: &masks,
            };
            let (look, adjusted) = adjust(asked, strength, &evidence)?;
            Ok((look, Some(adjusted)))
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
