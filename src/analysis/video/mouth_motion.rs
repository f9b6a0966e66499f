//! Motion of the mouths of faces, frame by frame.
//!
//! A face found in a sampled frame is tracked on the thumbnails until the next sample: its upper half (eyes and nose,
//! which speaking hardly moves) is matched from frame to frame, and the mouth below it is compared at the same shift.
//! The difference there in excess of that of the upper half is the motion of the mouth, since motion of the head, of
//! the camera and of the light affects both. (After the lip-motion energy of audio-visual speaker detection, such as
//! Everingham, Sivic & Zisserman, *"Hello! My name is… Buffy"*, 2006, which also takes the difference of the registered
//! mouth region.)

use crate::analysis::MouthStep;
use crate::analysis::video::luma_thumbnail::{Area, LumaPlane};
use crate::geometry::Rect;

/// Most faces tracked at a time; the best ones are.
const MOST_FACES: usize = 8;
/// Position of eyes and nose, and of the mouth, in the box of a face: left, top, right, bottom.
const UPPER: [f64; 4] = [0.12, 0.12, 0.88, 0.54];
const MOUTH: [f64; 4] = [0.24, 0.58, 0.78, 0.98];
/// Least width of a mouth on the thumbnail, in pixels.
const FEWEST_PIXELS: usize = 9;
/// Largest shift of a face from one frame to the next, in pixels.
const REACH: i32 = 3;
/// Difference (of 255) of the upper half from which the face is lost.
const LOST: f32 = 22.0;

/// Frame rate that differences between frames are scaled to, by a factor of at most [`MOST_SCALED`].
const REFERENCE_RATE: f32 = 25.0;
const MOST_SCALED: f32 = 2.0;

/// The mouth of one face of the last sample.
#[derive(Debug, Default)]
struct MouthTrack {
    /// The face's box in pixels; `None` once the face is lost.
    place: Option<(f32, f32, f32, f32)>,
    steps: Vec<MouthStep>,
}

/// The mouths of the last sample.
#[derive(Debug, Default)]
pub(crate) struct MouthTracker {
    watched: Vec<MouthTrack>,
}

impl MouthTracker {
    /// Starts over with the faces of a sample.
    pub fn begin(&mut self, faces: impl Iterator<Item = Rect>, thumb: &LumaPlane) {
        let (wide, high) = (thumb.width as f64, thumb.height as f64);
        let begun = faces.take(MOST_FACES).map(|face| MouthTrack {
            place: Some((
                (face.x * wide) as f32,
                (face.y * high) as f32,
                (face.width * wide) as f32,
                (face.height * high) as f32,
            )),
            steps: Vec::new(),
        });
        self.watched = begun.collect();
    }

    /// Takes the motion of each face since the last call, in the order of the sample.
    pub fn take(&mut self) -> Vec<Vec<MouthStep>> {
        let watched = self.watched.iter_mut();
        watched
            .map(|mouth| std::mem::take(&mut mouth.steps))
            .collect()
    }

    /// Tracks the faces from one frame to the next.
    pub fn follow(&mut self, before: &LumaPlane, after: &LumaPlane, time: f64, seconds: f32) {
        if (before.width, before.height) != (after.width, after.height) {
            return;
        }
        for mouth in &mut self.watched {
            let Some(place) = mouth.place else {
                continue;
            };
            mouth.place = None;
            let (Some(upper), Some(lips)) =
                (part(place, UPPER, before), part(place, MOUTH, before))
            else {
                continue;
            };
            if lips.right - lips.left < FEWEST_PIXELS {
                continue;
            }
            let (shift, still) = matched(before, after, &upper);
            let moved = before.mismatch(after, shift, &lips, f32::INFINITY);
            if !still.is_finite() || !moved.is_finite() || still > LOST {
                continue;
            }
            let scale = 1.0 / (seconds * REFERENCE_RATE).clamp(1.0 / MOST_SCALED, MOST_SCALED);
            mouth.steps.push(MouthStep {
                time,
                motion: (moved - still).max(0.0) * scale,
            });
            mouth.place = Some((
                place.0 + shift.0 as f32,
                place.1 + shift.1 as f32,
                place.2,
                place.3,
            ));
        }
    }
}

/// A part of a face in pixels; `None` where it leaves the picture.
fn part(face: (f32, f32, f32, f32), of: [f64; 4], plane: &LumaPlane) -> Option<Area> {
    let (x, y, width, height) = face;
    let at = |from: f32, side: f32, share: f64, limit: usize| {
        let value = (from + side * share as f32).round();
        (value >= 0.0 && value <= limit as f32).then_some(value as usize)
    };
    let area = Area {
        left: at(x, width, of[0], plane.width)?,
        top: at(y, height, of[1], plane.height)?,
        right: at(x, width, of[2], plane.width)?,
        bottom: at(y, height, of[3], plane.height)?,
    };
    (area.left < area.right && area.top < area.bottom).then_some(area)
}

/// The shift at which `area` differs least (among equals the smallest), and the difference.
fn matched(before: &LumaPlane, after: &LumaPlane, area: &Area) -> ((i32, i32), f32) {
    let mut best = ((0, 0), before.mismatch(after, (0, 0), area, f32::INFINITY));
    for ring in 1..=REACH {
        for dy in -ring..=ring {
            for dx in -ring..=ring {
                if dx.abs().max(dy.abs()) != ring {
                    continue;
                }
                let found = before.mismatch(after, (dx, dy), area, best.1);
                if found < best.1 {
                    best = ((dx, dy), found);
                }
            }
        }
    }
    best
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FACE: Rect = Rect::new(0.25, 0.2, 0.3, 0.5);

    /// A face of 48×45 pixels, moved right by `right`, with its mouth open by `open` (0..1).
    fn frame(right: usize, open: f64) -> LumaPlane {
        let (width, height) = (160, 90);
        let mut luma: Vec<u8> = (0..width * height)
            .map(|n| (90 + (n * 7 + n / 160 * 13) % 23) as u8)
            .collect();
        let mut fill = |x: std::ops::Range<usize>, y: std::ops::Range<usize>, value: u8| {
            for row in y {
                for column in x.clone() {
                    luma[row * width + column + right] = value;
                }
            }
        };
        fill(40..88, 18..63, 170);
        for eye in [48..56, 70..78] {
            fill(eye.clone(), 30..34, 40);
        }
        fill(56..72, 50..52 + (open * 8.0) as usize, 60);
        LumaPlane {
            width,
            height,
            luma,
        }
    }

    fn motion_of(frames: &[LumaPlane], face: Rect) -> Vec<f32> {
        let mut mouths = MouthTracker::default();
        mouths.begin(std::iter::once(face), &frames[0]);
        for (n, pair) in frames.windows(2).enumerate() {
            mouths.follow(&pair[0], &pair[1], n as f64 / 25.0, 0.04);
        }
        let steps = mouths.take().remove(0);
        steps.into_iter().map(|step| step.motion).collect()
    }

    #[test]
    fn a_mouth_that_opens_moves_and_a_head_that_turns_away_does_not() {
        let talking: Vec<LumaPlane> = (0..12)
            .map(|n| frame(n, if n % 4 < 2 { 0.0 } else { 1.0 }))
            .collect();
        let silent: Vec<LumaPlane> = (0..12).map(|n| frame(n, 0.5)).collect();
        let (talking, silent) = (motion_of(&talking, FACE), motion_of(&silent, FACE));
        assert_eq!((talking.len(), silent.len()), (11, 11));
        let mean = |steps: &[f32]| steps.iter().sum::<f32>() / steps.len() as f32;
        assert!(mean(&talking) > 3.0, "{talking:?}");
        assert!(mean(&silent) < 0.5, "{silent:?}");
    }

    #[test]
    fn a_face_that_is_small_or_gone_says_nothing() {
        let frames: Vec<LumaPlane> = (0..4).map(|n| frame(0, f64::from(n) / 4.0)).collect();
        assert!(motion_of(&frames, Rect::new(0.25, 0.2, 0.08, 0.14)).is_empty());
        assert!(motion_of(&frames, Rect::new(0.9, 0.9, 0.3, 0.5)).is_empty());
        let mut cut = frames.clone();
        cut[2].luma.fill(255);
        assert_eq!(motion_of(&cut, FACE).len(), 1);
    }
}
