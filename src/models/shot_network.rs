//! TransNetV2: shot boundaries from small frames.

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::models::Models;
use crate::models::session::{NetworkInput, TensorValues};
use crate::picture::Rgb8;

const NETWORK: &str = "transnet-v2";
/// Size of the frames it takes: the whole frame scaled with [`Filter::Bicubic`](crate::picture::Filter::Bicubic).
pub const SHOT_FRAME: Size = Size::new(48, 27);
/// Frames of one window; results are reliable for the middle 50.
pub const SHOT_WINDOW: usize = 100;

/// Result for one frame.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ShotProbabilities {
    /// Probability that this is the last frame of a shot.
    pub last: f32,
    /// Probability that this frame is inside a transition.
    pub inside: f32,
}

impl Models {
    /// Results for one window of exactly [`SHOT_WINDOW`] frames of [`SHOT_FRAME`].
    pub fn shot_window(&self, frames: &[&Rgb8]) -> Result<Vec<ShotProbabilities>> {
        let wrong = |what: String| Error::Inference {
            model: NETWORK.to_string(),
            what,
        };
        if frames.len() != SHOT_WINDOW {
            let found = frames.len();
            return Err(wrong(format!(
                "a window has {SHOT_WINDOW} frames, not {found}"
            )));
        }
        let mut bytes = Vec::with_capacity(SHOT_WINDOW * 3 * SHOT_FRAME.pixels() as usize);
        for frame in frames {
            if frame.size() != SHOT_FRAME {
                let Size { width, height } = frame.size();
                return Err(wrong(format!("frames are 48×27, not {width}×{height}")));
            }
            bytes.extend_from_slice(frame.samples());
        }
        let shape = [
            1,
            SHOT_WINDOW,
            SHOT_FRAME.height as usize,
            SHOT_FRAME.width as usize,
            3,
        ];
        let input = NetworkInput {
            name: "frames",
            shape: &shape,
            values: TensorValues::Byte(&bytes),
        };
        let outputs = [("single", SHOT_WINDOW), ("many_hot", SHOT_WINDOW)];
        let [last, inside] = self.run(NETWORK, &[input], outputs)?;
        Ok(last
            .into_iter()
            .zip(inside)
            .map(|(last, inside)| ShotProbabilities { last, inside })
            .collect())
    }
}
