//! Where things move in a shot, over time: what a crop that leaves it out does not show.

use crate::analysis::video::action_place::ActionPlace;
use crate::analysis::video::moments::FrameMeasures;
use crate::analysis::video::motion::subject_energy;
use crate::time::rounded;

/// Seconds between the points of a path.
const EVERY: f64 = 0.5;
/// Energy (0..1) below which nothing moves.
const STILL: f64 = 0.02;

/// `[seconds, energy, x, y, width, height]` of what moves in these frames, each half second in which anything does; the
/// energy is that of [`subject_energy`], 0..1.
pub(crate) fn action_path(frames: &[FrameMeasures]) -> Vec<[f64; 6]> {
    let Some(start) = frames.first().map(|frame| frame.time) else {
        return Vec::new();
    };
    let turn = |frame: &FrameMeasures| ((frame.time - start) / EVERY).floor();
    let parts = frames.chunk_by(|a, b| turn(a) == turn(b));
    let point = |part: &[FrameMeasures]| {
        let (first, last) = (part.first()?, part.last()?);
        let energies = part
            .iter()
            .map(|frame| subject_energy(&frame.step.0, frame.step.1));
        let energy = f64::from(energies.sum::<f32>()) / part.len() as f64;
        let mut place = ActionPlace::default();
        part.iter().for_each(|frame| place.add(&frame.step.0.place));
        let bounds = place.bounds().filter(|_| energy >= STILL)?;
        let time = (first.time + last.time) / 2.0;
        let point = [
            time,
            energy,
            bounds.x,
            bounds.y,
            bounds.width,
            bounds.height,
        ];
        Some(point.map(rounded))
    };
    parts.filter_map(point).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::video::motion::FrameMotion;
    use crate::analysis::video::spoiled::FrameDefects;

    fn frame(time: f64, subject: f32, strip: usize) -> FrameMeasures {
        let mut place = ActionPlace::default();
        (place.across[strip], place.down[2]) = (subject, subject);
        let motion = FrameMotion {
            subject,
            place,
            ..FrameMotion::default()
        };
        FrameMeasures {
            time,
            step: (motion, 0.04),
            dark: false,
            defects: FrameDefects::default(),
            shaken: false,
            blurred: false,
        }
    }

    #[test]
    fn the_box_is_where_things_move_and_nowhere_where_nothing_does() {
        let at = |time: f64| match time {
            time if time < 1.0 => frame(time, 5.0, 0),
            time if time < 2.0 => frame(time, 0.0, 0),
            time => frame(time, 7.0, 11),
        };
        let frames: Vec<FrameMeasures> = (0..75).map(|n| at(f64::from(n) * 0.04)).collect();
        let path = action_path(&frames);
        assert_eq!(path.len(), 4, "{path:?}");
        let [time, energy, x, y, width, height] = path[0];
        assert!((0.2..0.3).contains(&time) && energy > 0.3);
        assert!(x >= 0.0 && x + width <= 1.0 / 12.0, "{path:?}");
        assert!(y >= 2.0 / 12.0 - 1e-6 && y + height <= 3.0 / 12.0 + 1e-6);
        assert!(path[3][2] > 0.9);
        assert_eq!(action_path(&[]), Vec::<[f64; 6]>::new());
    }
}
