//! Makes a short animation of a part of a clip, for lists in which clips move without being played.

use rayon::ThreadPool;

use crate::batch::clip::{ClipSource, encoding_task, opened};
use crate::batch::face_search::blur_rest_of_frame;
use crate::batch::rendition::{Rendition, RenditionRequest};
use crate::batch::settings::ClipStretch;
use crate::compositor::{FinishedFrame, FrameOverlays, FrameSource, FrameStamp, Layer, Pipeline};
use crate::error::{Error, Result};
use crate::media::{AnimationFrame, animation_bytes};
use crate::task::Task;
use crate::time::Rational;

/// Frames a second, at most: enough for motion to be seen, at a third of what all frames take.
const FRAMES_A_SECOND: i64 = 10;
/// Frames are in memory until they are encoded: this many seconds are shown at most.
const MOST_SECONDS: i64 = 10;

/// Makes the bytes of the animation. `threads` share the work on each frame.
pub(super) fn make(
    request: &RenditionRequest<'_>,
    stretch: ClipStretch,
    threads: &ThreadPool,
    task: &Task,
) -> Result<(Vec<u8>, Rendition)> {
    let RenditionRequest { item, settings, .. } = *request;
    let mut clip = opened(request, threads, task)?;
    clip.source.seek(stretch.from)?;
    let most = stretch.from + Rational::whole(MOST_SECONDS);
    let checked_by = request.models.filter(|_| clip.source.has_faces());
    let mut source = StretchSource {
        source: clip.source,
        end: stretch.to.min(most),
        from: stretch.from,
        next: stretch.from,
    };
    let pipeline = Pipeline {
        size: clip.size,
        models: request.models,
        task: &encoding_task(settings, task),
    };
    let mut frames = Vec::new();
    pipeline.run_on_caller(&mut source, Some(threads), |frame, stamp| {
        let FinishedFrame::Rgb(picture) = frame else {
            return Err(Error::encode(&item.target, "a frame has no colors"));
        };
        let milliseconds = (stamp.time - stretch.from) * Rational::whole(1000);
        let changed = match checked_by {
            Some(models) => blur_rest_of_frame(models, picture, &item.source)?,
            None => None,
        };
        frames.push(AnimationFrame {
            picture: changed.unwrap_or_else(|| picture.clone()),
            start: u32::try_from(milliseconds.round()).unwrap_or(0),
        });
        Ok(())
    })?;
    let bytes = animation_bytes(&item.target, &frames, settings.quality())?;
    let treatments = source.source.treatments();
    Ok((
        bytes,
        Rendition {
            size: clip.size,
            location: false,
            partial: None,
            // Nothing but pictures is asked for.
            left_out: Vec::new(),
            parts_left_out: Vec::new(),
            treatments,
            adjusted: clip.adjusted,
            faces_blurred: clip.faces_blurred,
        },
    ))
}

/// The frames of a part of a clip, thinned out.
struct StretchSource {
    source: ClipSource,
    from: Rational,
    /// Exclusive.
    end: Rational,
    /// The frame on the screen at this time is the next one.
    next: Rational,
}

impl FrameSource for StretchSource {
    fn advance(&mut self) -> Result<Option<FrameStamp>> {
        let step = Rational::new(1, FRAMES_A_SECOND).unwrap_or(Rational::ONE);
        while let Some(stamp) = self.source.advance()? {
            if stamp.time >= self.end {
                break;
            }
            if stamp.end <= self.next {
                continue;
            }
            let shown = self.next.max(stamp.time);
            let steps = (stamp.end - self.from) * Rational::whole(FRAMES_A_SECOND);
            let whole = steps.floor() + i64::from(steps != Rational::whole(steps.floor()));
            self.next = self.from + Rational::whole(whole) * step;
            return Ok(Some(FrameStamp {
                time: shown.max(self.from),
                ..stamp
            }));
        }
        Ok(None)
    }

    fn layers(&mut self) -> Result<Vec<Layer>> {
        self.source.layers()
    }

    fn overlays(&mut self) -> Result<FrameOverlays> {
        self.source.overlays()
    }
}
