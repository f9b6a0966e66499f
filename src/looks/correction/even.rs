//! Turns an `even` step into ordinary color steps, from the measured correction.

use crate::looks::color::decode;
use crate::looks::correction::Correction;
use crate::looks::steps::{Exposure, LookStep};

/// Most stops by which `even` moves bright tones: more would show the noise of a dark picture.
const MOST_BRIGHT: f64 = 2.5;

/// The color steps that the `even` step among `steps` becomes for a picture with this correction.
pub(in crate::looks) fn even_steps(steps: &[LookStep], measured: &Correction) -> Vec<LookStep> {
    let mut all = vec![];
    for step in steps {
        let LookStep::Even(even) = step else { continue };
        let correction = measured.scaled(even.amount / 100.0);
        all.extend(correction.light_steps());
        if let Some(goal) = even.bright
            && measured.bright > 0.0
        {
            let light = decode(measured.bright).max(1e-3) * libm::exp2(correction.stops);
            let stops = even.bright_amount / 100.0 * libm::log2(decode(goal) / light);
            all.push(LookStep::Exposure(Exposure {
                stops: stops.clamp(-MOST_BRIGHT, MOST_BRIGHT),
            }));
        }
    }
    all
}
