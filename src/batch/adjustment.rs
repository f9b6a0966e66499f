//! Matches a single picture: corrects its light and color before the look, and weakens a look that would do measurable
//! harm.
//!
//! Both are judged by measurements of a small copy in sRGB, not by what the picture shows. Every change carries its
//! reason.

use serde::{Deserialize, Serialize};

use crate::batch::noise;
use crate::choice::Reason;
use crate::error::Result;
use crate::looks::{CompiledLook, Correction, Look, LookChange, MOST_SKIN_TURN, Masks};
use crate::media::to_srgb_over;
use crate::picture::{Background, Picture, Rgb8};
use crate::time::rounded;

/// Longer side of the copy that is measured, in pixels.
pub(super) const MEASURED_SIDE: u32 = 512;

/// Shares of the strength to try, in this order. The last one is used in any case: below it the look is no longer
/// recognizable.
const SHARES: [f64; 5] = [1.0, 0.85, 0.7, 0.55, 0.4];

/// Share of the picture that a look may turn white beyond what was white.
const MORE_WHITE: f64 = 0.02;
/// Share of the picture that a look may turn black beyond what was black; more than for white, since deep shadows look
/// intended.
const MORE_BLACK: f64 = 0.05;
/// Share of the picture below which skin does not limit a look.
const SKIN: f64 = 0.03;

/// Changes to one picture beyond the look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    /// The strength that the look was applied with.
    pub strength: f64,
    /// Added light, in stops.
    pub stops: f64,
    /// In the unit of a `white_balance` step; positive is warmer.
    pub temperature: f64,
    /// In the unit of a `white_balance` step; positive is more magenta.
    pub tint: f64,
    /// The value that becomes black, 0..1; 0 unless the picture was flat.
    #[serde(default)]
    pub black_point: f64,
    /// The value that becomes white, 0..1; 1 unless the picture was flat.
    #[serde(default = "white")]
    pub white_point: f64,
    /// The reasons for the correction, then for the strength; strongest first within each.
    pub reasons: Vec<Reason>,
}

fn white() -> f64 {
    1.0
}

/// Behind what is measured of transparent pictures: black would pass for shadows, and white for highlights.
const NEUTRAL: Background = Background::new([128; 3]);

/// The copy of `picture` that is measured.
pub(super) fn small(picture: &Picture) -> Rgb8 {
    let size = picture.size().within(MEASURED_SIDE);
    if size == picture.size() {
        to_srgb_over(picture, NEUTRAL)
    } else {
        to_srgb_over(&picture.resized(size), NEUTRAL)
    }
}

/// The measurements by which a look is adjusted to a picture.
pub(super) struct Evidence<'a> {
    /// A small copy.
    pub(super) small: &'a Rgb8,
    /// A sample at the picture's own size, for its noise.
    pub(super) detail: &'a Rgb8,
    /// The correction of light and color that the picture needs.
    pub(super) correction: &'a Correction,
    /// The masks of the small copy.
    pub(super) masks: &'a Masks,
}

/// The look for one picture with its correction and safe strength, and a record of the changes.
pub(super) fn adjust(
    look: &Look,
    strength: f64,
    evidence: &Evidence<'_>,
) -> Result<(CompiledLook, Adjustment)> {
    let Evidence {
        correction, masks, ..
    } = *evidence;
    let (mut corrected, mut detail) = (evidence.small.clone(), evidence.detail.clone());
    let correcting = CompiledLook::with_correction(&Look::none(), 1.0, correction)?;
    correcting.apply(&mut corrected, 0, 0);
    correcting.apply(&mut detail, 0, 0);
    let mut reasons = correction.reasons.clone();
    let mut held = strength;
    if !CompiledLook::new(look, strength)?.is_identity() {
        let mut why = None;
        for share in SHARES {
            held = rounded(strength * share);
            let effect = CompiledLook::new(look, held)?
                .with_masks(masks.clone())
                .measure(&corrected);
            let noisy = || noise::brings_out(look, held, &detail);
            let harm = match harm(&effect) {
                None if noisy()? => Some(("guard_noise", "The look would bring out noise")),
                harm => harm,
            };
            match harm {
                None => break,
                // The reason is the harm at full strength.
                Some(harm) => why = why.or(Some(harm)),
            }
        }
        if let Some((code, text)) = why {
            let text = format!("{text}, so it has a strength of {held}.");
            reasons.push(Reason::new(code, 1.0 - held / strength, text));
        }
    }
    let compiled = CompiledLook::with_correction(look, held, correction)?.with_masks(masks.clone());
    let adjustment = Adjustment {
        reasons,
        ..Adjustment::by(correction, held)
    };
    Ok((compiled, adjustment))
}

impl Adjustment {
    /// The record for `correction` and a look of this strength.
    pub(super) fn by(correction: &Correction, strength: f64) -> Self {
        Self {
            strength,
            stops: rounded(correction.stops),
            temperature: rounded(correction.temperature),
            tint: rounded(correction.tint),
            black_point: rounded(correction.black_point),
            white_point: rounded(correction.white_point),
            reasons: correction.reasons.clone(),
        }
    }
}

/// The harm that a look does, if any: a stable code, and the beginning of a sentence.
fn harm(effect: &LookChange) -> Option<(&'static str, &'static str)> {
    let skin = effect.skin_share >= SKIN && effect.skin_chroma_ratio > 0.0;
    if effect.clipping_high - effect.clipping_high_before > MORE_WHITE {
        Some(("guard_white", "The look would burn out highlights"))
    } else if effect.clipping_low - effect.clipping_low_before > MORE_BLACK {
        Some(("guard_black", "The look would swallow shadows"))
    } else if skin && effect.skin_hue_shift_degrees.abs() > MOST_SKIN_TURN {
        Some(("guard_skin", "The look would turn the color of skin"))
    } else {
        None
    }
}

/// One correction for all frames of a clip, the median of theirs: corrected frame by frame, it would flicker.
pub(super) fn middle(corrections: &[Correction]) -> Correction {
    if corrections.is_empty() {
        return Correction::none();
    }
    let value = |of: fn(&Correction) -> f64| {
        let mut values: Vec<f64> = corrections.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let (stops, temperature, tint) = (
        value(|correction| correction.stops),
        value(|correction| correction.temperature),
        value(|correction| correction.tint),
    );
    let nearest = corrections.iter().min_by(|a, b| {
        let distance = |correction: &Correction| {
            10.0 * (correction.stops - stops).abs()
                + (correction.temperature - temperature).abs()
                + (correction.tint - tint).abs()
        };
        distance(a).total_cmp(&distance(b))
    });
    Correction {
        stops,
        temperature,
        tint,
        black_point: value(|correction| correction.black_point),
        white_point: value(|correction| correction.white_point),
        clipped: value(|correction| correction.clipped),
        bright: value(|correction| correction.bright),
        dark: value(|correction| correction.dark),
        reasons: nearest.map_or_else(
            || Correction::none().reasons,
            |correction| correction.reasons.clone(),
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::looks::{Exposure, LookStep, Sharpen};

    /// Grays from black to `most`.
    fn ramp(most: u32) -> Rgb8 {
        let samples = (0..64 * 64).flat_map(|at| [(at % 64 * most / 63) as u8; 3]);
        Rgb8::new(Size::new(64, 64), samples.collect()).unwrap()
    }

    fn brighter(stops: f64) -> Look {
        Look {
            id: "brighter".into(),
            steps: vec![LookStep::Exposure(Exposure { stops })],
            ..Look::none()
        }
    }

    #[test]
    fn a_look_that_burns_out_is_held_back_and_says_so() {
        let none = Correction::none();
        let masks = Masks::default();
        let adjusted = |look: &Look, picture: &Rgb8| {
            let evidence = Evidence {
                small: picture,
                detail: picture,
                correction: &none,
                masks: &masks,
            };
            adjust(look, 1.0, &evidence).unwrap()
        };
        let (_, calm) = adjusted(&brighter(0.2), &ramp(120));
        assert_eq!(
            (calm.strength, calm.reasons.len()),
            (1.0, none.reasons.len())
        );
        let (compiled, held) = adjusted(&brighter(4.0), &ramp(255));
        assert!(held.strength < 1.0);
        let reason = held.reasons.last().unwrap();
        assert_eq!(reason.code, "guard_white");
        assert!(reason.text.contains("highlights"), "{}", reason.text);
        assert!(!compiled.is_identity());
    }

    #[test]
    fn a_look_that_brings_out_noise_is_held_back_and_says_so() {
        let look = Look {
            steps: vec![LookStep::Sharpen(Sharpen { amount: 60.0 })],
            ..Look::none()
        };
        let none = Correction::none();
        let of = |deviation| {
            let (noisy, small) = (noise::tests::noisy(deviation), ramp(120));
            let evidence = Evidence {
                small: &small,
                detail: &noisy,
                correction: &none,
                masks: &Masks::default(),
            };
            adjust(&look, 1.0, &evidence).unwrap().1
        };
        assert_eq!(of(1.0).strength, 1.0);
        let held = of(6.0);
        assert!(held.strength < 1.0);
        assert_eq!(held.reasons.last().unwrap().code, "guard_noise");
    }

    #[test]
    fn the_look_none_leaves_only_the_correction() {
        let correction = Correction {
            stops: 0.5,
            ..Correction::none()
        };
        let evidence = Evidence {
            small: &ramp(100),
            detail: &ramp(100),
            correction: &correction,
            masks: &Masks::default(),
        };
        let (compiled, adjustment) = adjust(&Look::none(), 1.0, &evidence).unwrap();
        assert_eq!((adjustment.strength, adjustment.stops), (1.0, 0.5));
        let mut picture = ramp(100);
        compiled.apply(&mut picture, 0, 0);
        assert!(picture.pixel(63, 0)[0] > 110, "{:?}", picture.pixel(63, 0));
    }

    #[test]
    fn the_middle_of_frames_is_not_moved_by_one_of_them() {
        let of = |stops: f64| Correction {
            stops,
            ..Correction::none()
        };
        assert_eq!(middle(&[of(0.0), of(0.1), of(3.0)]).stops, 0.1);
        assert!(middle(&[]).is_identity());
    }
}
