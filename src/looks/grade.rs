//! Evaluates the color steps of a look on one color, exactly. The table approximates this, and features are measured
//! with it.
//!
//! Each step works in its natural domain. Exposure and white balance multiply linear light; curves bend the display
//! values of each channel; chroma changes at constant Rec. 709 luma; hues turn on the color wheel. The steps themselves
//! are in `steps/`; here they are chained and mixed with the original color by the strength of the look.

use crate::looks::color::Triple;
use crate::looks::mask::{ColorWeight, Mask};
use crate::looks::operations::Operations;
use crate::looks::steps::LookStep;

/// Color steps ready to be evaluated.
#[derive(Debug, Clone)]
pub(super) struct Grade {
    /// Steps that act in full, before the others.
    first: Operations,
    operations: Operations,
    strength: f64,
}

impl Grade {
    /// The grade of the color steps among `steps` that act everywhere; a `strength` of 1 is as written.
    pub(super) fn new(steps: &[LookStep], strength: f64) -> Self {
        Self::with_coverage(steps, strength, 0.0)
    }

    /// Like [`Self::new`], but masks that depend on the position act everywhere with the weight `coverage` (0..1).
    pub(super) fn with_coverage(steps: &[LookStep], strength: f64, coverage: f64) -> Self {
        let mut operations = Operations::default();
        for run in steps.chunk_by(|a, b| a.masks() == b.masks()) {
            let masks = run.first().map_or(&[][..], LookStep::masks);
            let carried = coverage > 0.0 || masks.iter().all(Mask::fits_a_table);
            if strength == 0.0 || !carried {
                continue;
            }
            if masks.is_empty() {
                run.iter()
                    .for_each(|step| step.step().color(&mut operations));
                continue;
            }
            let mut own = Operations::default();
            run.iter().for_each(|step| step.step().color(&mut own));
            operations.masked(own, ColorWeight::new(masks, coverage));
        }
        Self {
            first: Operations::default(),
            operations,
            strength,
        }
    }

    /// This grade after `steps`, which act in full regardless of the strength.
    pub(super) fn after(mut self, steps: &[LookStep]) -> Self {
        for step in steps {
            step.step().color(&mut self.first);
        }
        self
    }

    /// Whether no color changes.
    pub(super) fn is_identity(&self) -> bool {
        self.first.is_empty() && self.operations.is_empty()
    }

    /// The graded `color` (display RGB, 0..1).
    pub(super) fn evaluate(&self, color: Triple) -> Triple {
        if self.is_identity() {
            return color;
        }
        let color = self.first.evaluate(color);
        let new = self.operations.evaluate(color);
        [0, 1, 2].map(|channel| {
            (color[channel] + self.strength * (new[channel] - color[channel])).clamp(0.0, 1.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::color::{decode, luma};
    use crate::looks::hue::Hue;
    use crate::looks::steps::SplitTone;
    use crate::looks::{
        Exposure, HighlightsShadows, Hsl, HueRange, Saturation, Vibrance, WhiteBalance,
    };

    fn run(step: LookStep, color: Triple) -> Triple {
        Grade::new(&[step], 1.0).evaluate(color)
    }

    fn close(a: Triple, b: Triple) -> bool {
        a.into_iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-3)
    }

    #[test]
    fn a_stop_doubles_the_light_and_leaves_white_white() {
        let step = LookStep::Exposure(Exposure { stops: 1.0 });
        let new = run(step.clone(), [0.3; 3])[0];
        assert!((decode(new) / decode(0.3) - 2.0).abs() < 0.01);
        assert!(close(run(step.clone(), [1.0; 3]), [1.0; 3]));
        assert!(run(step, [0.9; 3])[0] < 1.0);
    }

    #[test]
    fn saturation_keeps_luma_and_the_order_of_colors() {
        let gray = LookStep::Saturation(Saturation { amount: -100.0 });
        let color = [0.7, 0.4, 0.2];
        assert!(close(run(gray, color), [luma(color); 3]));
        for amount in [20.0, 50.0, 100.0] {
            let more = LookStep::Saturation(Saturation { amount });
            let mut before = 0.0;
            for strength in 1..=20 {
                let away = f64::from(strength) / 20.0;
                let color = [0.5 + 0.5 * away, 0.5, 0.5 - 0.5 * away];
                let new = run(more.clone(), color);
                assert!((luma(new) - luma(color)).abs() < 1e-9);
                assert!(new[0] - new[2] > before, "{amount} {strength}");
                before = new[0] - new[2];
            }
        }
    }

    #[test]
    fn vibrance_moves_skin_less_than_what_is_as_pale() {
        let step = LookStep::Vibrance(Vibrance { amount: 80.0 });
        let gain = |color: Triple| {
            let new = run(step.clone(), color);
            Hue::of(new).chroma / Hue::of(color).chroma
        };
        let skin = gain([0.75, 0.6, 0.52]);
        let sky = gain([0.52, 0.6, 0.75]);
        assert!(skin > 1.0 && sky - 1.0 > 2.0 * (skin - 1.0), "{skin} {sky}");
    }

    #[test]
    fn a_range_turns_its_own_hue_and_leaves_others_and_gray() {
        let step = LookStep::Hsl(Hsl {
            ranges: vec![HueRange {
                center: 120.0,
                reach: 40.0,
                hue: 30.0,
                saturation: 0.0,
                lightness: 0.0,
            }],
        });
        let green = Hue::of(run(step.clone(), [0.2, 0.6, 0.2]));
        assert!((green.degrees - 150.0).abs() < 0.1, "{}", green.degrees);
        for color in [[0.6, 0.2, 0.2], [0.2, 0.2, 0.6], [0.4; 3]] {
            assert!(close(run(step.clone(), color), color));
        }
    }

    #[test]
    fn warm_light_is_redder_and_opening_shadows_brightens_only_them() {
        let warm = run(
            LookStep::WhiteBalance(WhiteBalance {
                temperature: 50.0,
                tint: 0.0,
            }),
            [0.5; 3],
        );
        assert!(warm[0] > 0.5 && warm[2] < 0.5);
        let open = LookStep::HighlightsShadows(HighlightsShadows {
            highlights: 0.0,
            shadows: 100.0,
        });
        assert!(run(open.clone(), [0.25; 3])[0] > 0.34);
        assert!(run(open.clone(), [0.9; 3])[0] < 0.902);
        assert!(close(run(open, [0.0; 3]), [0.0; 3]));
    }

    #[test]
    fn tones_spare_skin_when_told_to() {
        let step = |protect_skin| {
            LookStep::SplitTone(SplitTone {
                shadow_hue: 190.0,
                shadow_amount: 50.0,
                highlight_hue: 0.0,
                highlight_amount: 0.0,
                balance: 0.0,
                protect_skin,
            })
        };
        let dark_skin = [0.36, 0.24, 0.18];
        let moved = |protect| run(step(protect), dark_skin)[2] - dark_skin[2];
        assert!(moved(0.0) > 4.0 * moved(100.0).max(0.001));
        for end in [[0.0; 3], [1.0; 3]] {
            assert!(close(run(step(0.0), end), end));
        }
    }

    #[test]
    fn strength_is_a_mix() {
        let steps = [LookStep::Exposure(Exposure { stops: 0.5 })];
        let color = [0.3, 0.5, 0.1];
        let full = Grade::new(&steps, 1.0).evaluate(color);
        let half = Grade::new(&steps, 0.5).evaluate(color);
        for channel in 0..3 {
            let middle = (color[channel] + full[channel]) / 2.0;
            assert!((half[channel] - middle).abs() < 1e-12);
        }
        assert_eq!(Grade::new(&steps, 0.0).evaluate(color), color);
    }
}
