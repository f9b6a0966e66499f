//! The frame and the stretch of a clip that stand for it.

use crate::analysis::{Analysis, Moment, Shot};
use crate::batch::{ClipForm, ClipStretch};
use crate::time::Rational;

/// Times of an analysis are rounded to a ten-thousandth of a second. This much later, in seconds, the frame that was
/// meant is surely on the screen, and the next one is not yet.
const SURELY: f64 = 0.0005;
/// The unit of times that are known in seconds only: MPEG's clock.
const CLOCK: u32 = 90_000;

/// The key frame of the best shot; the first frame where there are no shots.
pub(super) fn best_frame(analysis: &Analysis) -> ClipForm {
    let shot = best_shot(analysis);
    ClipForm::Still {
        at: exact(shot.map_or(0.0, |shot| shot.key_time + SURELY)),
    }
}

/// `seconds` around the middle of the best moment, within its shot; less where the shot is shorter.
pub(super) fn best_stretch(analysis: &Analysis, seconds: f64) -> ClipForm {
    let (from, to) = match best_shot(analysis) {
        None => (0.0, seconds),
        Some(shot) => {
            let (start, end) = match best_moment(shot) {
                Some(moment) => (moment.start, moment.end),
                None => (shot.start, shot.end),
            };
            let latest = (shot.end - seconds).max(shot.start);
            let from = ((start + end - seconds) / 2.0).clamp(shot.start, latest);
            (from, (from + seconds).min(shot.end))
        }
    };
    ClipForm::Animation(ClipStretch {
        from: exact(from + SURELY),
        to: exact(to),
    })
}

/// The shot with the best key frame and the best moment together, each counting half; among equals the first.
fn best_shot(analysis: &Analysis) -> Option<&Shot> {
    let worth = |shot: &Shot| best_moment(shot).map_or(0.0, |it| it.score) + shot.quality;
    let mut best: Option<&Shot> = None;
    for shot in analysis.video.iter().flat_map(|video| &video.shots) {
        if best.is_none_or(|best| worth(shot) > worth(best)) {
            best = Some(shot);
        }
    }
    best
}

fn best_moment(shot: &Shot) -> Option<&Moment> {
    shot.moments.first()
}

fn exact(seconds: f64) -> Rational {
    Rational::nearest(seconds.max(0.0), CLOCK)
}
