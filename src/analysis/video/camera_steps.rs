//! How the camera moves from frame to frame in a part of a film, for an effect that takes its shake out.
//!
//! The analysis keeps sums of this for each shot; the steps themselves are measured again for the parts that need them,
//! at twice the size: what a crop has to make up for is a fraction of a pixel there.

use std::path::Path;

use crate::analysis::video::luma_thumbnail::ThumbPyramid;
use crate::analysis::video::motion::compare;
use crate::error::{Error, Result};
use crate::media::{FrameSize, Limits, VideoReader};
use crate::task::Task;
use crate::time::Rational;

/// Longer side of the frames that are compared, in pixels.
const SIDE: u32 = 320;

/// Where the picture of one frame has moved since the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameraStep {
    /// When the frame is shown, in seconds of the file.
    pub time: f64,
    /// To the right, in widths of the picture.
    pub x: f64,
    /// Down, in heights.
    pub y: f64,
}

/// The steps of the frames of `path` from `start` to `end` (seconds, exclusive), in order; that of the first is none. A
/// file that breaks off gives those before that.
pub fn camera_steps(
    path: &Path,
    [start, end]: [Rational; 2],
    limits: &Limits,
    task: &Task,
) -> Result<Vec<CameraStep>> {
    let mut reader = VideoReader::open(path, limits, 0)?;
    reader.seek(start)?;
    let mut steps = Vec::new();
    let mut before: Option<ThumbPyramid> = None;
    loop {
        task.check()?;
        let info = match reader.next_frame() {
            Ok(Some(info)) => info,
            Ok(None) | Err(Error::BreaksOff { .. }) => break,
            Err(error) => return Err(error),
        };
        if info.time >= end {
            break;
        }
        if info.time < start {
            continue;
        }
        let picture = reader.image(FrameSize::LongSide(SIDE))?;
        let aspect = picture.size().aspect();
        let now = ThumbPyramid::new(&picture);
        let motion = before.as_ref().map(|before| compare(before, &now));
        let (x, y) = motion.map_or((0.0, 0.0), |motion| {
            (f64::from(motion.x), f64::from(motion.y))
        });
        steps.push(CameraStep {
            time: info.time.seconds(),
            x,
            // It is measured in widths, too.
            y: y * aspect,
        });
        before = Some(now);
    }
    Ok(steps)
}
