//! Where the eye goes through a part of a film, for a crop that follows it.
//!
//! Only the parts that are shown in another shape are measured, once they are chosen: saliency costs more than all
//! else that is known of a frame. Every 0.4 s one frame is looked at, and nearly the first and the last. Faces, objects
//! (where there is no face) and saliency are joined as in photos ([`subject_map`]). A frame that has not changed since
//! the one before keeps its map.
//!
//! Motion that the camera does not cause was tried as a fourth witness and left out: alone it keeps the middle of the
//! subject in 76 % of the frames where saliency keeps it in 99 %, and together they keep no more than saliency does.

use std::path::Path;

use crate::analysis::picture::{find_faces, find_objects, subject_map};
use crate::analysis::video::frame_sizes::{SAMPLE_SIDE, THUMB_SIDE};
use crate::analysis::video::luma_thumbnail::LumaPlane;
use crate::analysis::{SubjectMap, TimedSubjectMap};
use crate::error::{Error, Result};
use crate::media::{FrameSize, Limits, VideoReader};
use crate::models::Models;
use crate::picture::Rgb8;
use crate::task::Task;
use crate::time::{Rational, rounded};

/// Raised whenever the same frames would give other maps, which invalidates cached ones.
pub const SUBJECT_MAPS_REVISION: u32 = 1;
/// Most seconds between two maps. With 0.7 s the middle of the subject is lost three times as often as with 0.35 s.
const EVERY: f64 = 0.4;
/// The first and the last map are due this many seconds inside the part: its ends are rounded to frames of the finished
/// film, so the very first frame may be of the shot before.
const INSET: f64 = 0.05;
/// Luma (of 255) that pixels differ by because of noise and compression.
const SAME_LUMA: u8 = 12;
/// A frame in which a smaller share of the pixels differs shows what the frame before showed.
const UNCHANGED: f64 = 0.005;

/// A part of a film.
pub struct SubjectMapsRequest<'a> {
    /// The networks.
    pub models: &'a Models,
    /// Limits on the input.
    pub limits: &'a Limits,
    /// The film.
    pub path: &'a Path,
    /// Seconds of the file.
    pub start: Rational,
    /// Exclusive.
    pub end: Rational,
    /// Decoder threads; 0 = as many as there are cores.
    pub threads: usize,
}

/// The maps, in order. A file that breaks off gives those before that.
pub fn subject_maps(request: &SubjectMapsRequest<'_>, task: &Task) -> Result<Vec<TimedSubjectMap>> {
    let mut reader = VideoReader::open(request.path, request.limits, request.threads)?;
    reader.seek(request.start)?;
    let mut due = DueTimes::new(request.start.seconds(), request.end.seconds());
    let mut maps = Vec::new();
    let mut before: Option<(LumaPlane, Option<SubjectMap>)> = None;
    loop {
        task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) | Err(Error::BreaksOff { .. }) => break,
            Err(error) => return Err(error),
        };
        let time = info.time.seconds();
        if info.time >= request.end {
            break;
        }
        if !due.is_due(time) {
            continue;
        }
        due.pass(time);
        let thumb = LumaPlane::of(&reader.image(FrameSize::LongSide(THUMB_SIDE))?);
        let map = match before {
            Some((last, map)) if thumb.changed(&last, SAME_LUMA) < UNCHANGED => map,
            _ => measure(
                request.models,
                &reader.image(FrameSize::LongSide(SAMPLE_SIDE))?,
            )?,
        };
        maps.extend(map.clone().map(|map| TimedSubjectMap {
            time: rounded(time),
            map,
        }));
        before = Some((thumb, map));
    }
    Ok(maps)
}

fn measure(models: &Models, picture: &Rgb8) -> Result<Option<SubjectMap>> {
    let faces = find_faces(models, picture, false)?;
    let objects = if faces.is_empty() {
        find_objects(models, picture)?
    } else {
        Vec::new()
    };
    Ok(subject_map(
        &models.rough_saliency(picture)?,
        &faces,
        &objects,
    ))
}

/// Evenly spread times between a start and an end.
struct DueTimes {
    next: f64,
    step: f64,
}

impl DueTimes {
    fn new(start: f64, end: f64) -> Self {
        let inset = INSET.min((end - start) / 2.0);
        let length = (end - start - 2.0 * inset).max(INSET);
        Self {
            next: start + inset,
            step: length / (length / EVERY).ceil().max(1.0),
        }
    }

    fn is_due(&self, time: f64) -> bool {
        // Rounding must not move a sample by a frame.
        time >= self.next - 1e-6
    }

    fn pass(&mut self, time: f64) {
        while self.is_due(time) {
            self.next += self.step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_due_near_both_ends_and_often_enough_between() {
        for (start, frames) in [(0.0, 48), (3.2, 7), (100.0, 3), (2.0, 250)] {
            let rate = 25.0;
            let end = start + f64::from(frames) / rate;
            let mut due = DueTimes::new(start, end);
            let mut taken = Vec::new();
            for frame in 0..frames {
                let time = start + f64::from(frame) / rate;
                if due.is_due(time) {
                    due.pass(time);
                    taken.push(time);
                }
            }
            let first = taken.first().copied().unwrap_or(end);
            let last = taken.last().copied().unwrap_or(start);
            assert!(
                first > start && first - start <= INSET + 1.0 / rate,
                "{taken:?}"
            );
            assert!(end - last <= INSET + 1.5 / rate, "{taken:?}");
            assert!(
                taken
                    .windows(2)
                    .all(|pair| pair[1] - pair[0] <= EVERY + 1.0 / rate)
            );
        }
    }
}
