//! Turns an `even` step into ordinary color steps, from the measured correction.

use crate::looks::color::{decode, encode};
use crate::looks::correction::Correction;
use crate::looks::steps::{Exposure, Levels, LookStep};

/// Most stops by which `even` moves bright tones: more would show the noise of a dark picture.
const MOST_BRIGHT: f64 = 2.5;
/// The range of the black point by which dark tones reach their goal: a picture in fog keeps some of it.
const BLACK_POINTS: [f64; 2] = [-0.1, 0.3];

/// The color steps that the `even` step among `steps` becomes for a picture with this correction.
pub(in crate::looks) fn even_steps(steps: &[LookStep], measured: &Correction) -> Vec<LookStep> {
    let mut all = vec![];
    for step in steps {
        let LookStep::Even(even) = step else { continue };
        let correction = measured.scaled(even.amount / 100.0);
        all.extend(correction.light_steps());
        if measured.bright <= 0.0 {
            continue;
        }
        let mut stops = correction.stops;
        if let Some(goal) = even.bright {
            let light = decode(measured.bright).max(1e-3) * libm::exp2(correction.stops);
            let more = even.bright_amount / 100.0 * libm::log2(decode(goal) / light);
            let more = more.clamp(-MOST_BRIGHT, MOST_BRIGHT);
            stops += more;
            all.push(LookStep::Exposure(Exposure { stops: more }));
        }
        if let Some(goal) = even.dark {
            let lit = encode((decode(measured.dark) * libm::exp2(stops)).min(1.0));
            all.extend(darkened(lit, goal, even.dark_amount / 100.0));
        }
    }
    all
}

/// Levels that take the dark tone `lit` a `share` of the way to `goal`.
fn darkened(lit: f64, goal: f64, share: f64) -> Option<LookStep> {
    let wanted = lit + share * (goal - lit);
    let [least, most] = BLACK_POINTS;
    let black_point = ((lit - wanted) / (1.0 - wanted).max(1e-3)).clamp(least, most);
    (black_point != 0.0).then_some(LookStep::Levels(Levels {
        black_point,
        white_point: 1.0,
    }))
}
