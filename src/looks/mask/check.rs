//! Which parameters of masks are allowed, and which steps may carry them.

use crate::looks::LookStep;
use crate::looks::check::{Checked, Key, problem, within_at};
use crate::looks::mask::{Mask, MaskShape, MaskedStep};

impl MaskedStep {
    /// Checks the masks; the step itself is checked by its own rules.
    pub(in crate::looks) fn check_masks(&self) -> Checked {
        let place = || vec![Key::Name("mask")];
        let kind = self.step.kind();
        if matches!(
            self.step,
            LookStep::Even(_) | LookStep::Grain(_) | LookStep::Masked(_)
        ) {
            return Err(problem(
                place(),
                format!("{kind} acts everywhere: it takes no mask"),
            ));
        }
        if !(1..=8).contains(&self.masks.len()) {
            let count = self.masks.len();
            return Err(problem(
                place(),
                format!("there are {count} masks, allowed are 1 to 8"),
            ));
        }
        for (number, mask) in self.masks.iter().enumerate() {
            let place = if self.masks.len() == 1 {
                place()
            } else {
                vec![Key::Name("mask"), Key::Number(number)]
            };
            if self.step.texture_order().is_some() && mask.fits_a_table() {
                return Err(problem(
                    place,
                    format!(
                        "a mask of kind {} is for color steps: {kind} takes subject, person, sky, linear or radial",
                        mask.kind()
                    ),
                ));
            }
            mask.check(&place)?;
        }
        Ok(())
    }
}

impl Mask {
    /// `place` leads to the mask.
    fn check(&self, place: &[Key]) -> Checked {
        let within = |name: &'static str, value: f64, least: f64, most: f64| {
            let place = [place, &[Key::Name(name)]].concat();
            within_at(place, name, value, least, most)
        };
        let both = |name: &'static str, values: [f64; 2], most: f64| {
            values
                .into_iter()
                .enumerate()
                .try_for_each(|(number, value)| {
                    let place = [place, &[Key::Name(name), Key::Number(number)]].concat();
                    within_at(place, name, value, 0.0, most)
                })
        };
        within("amount", self.amount, 0.0, 100.0)?;
        match &self.shape {
            MaskShape::Subject(area) | MaskShape::Person(area) | MaskShape::Sky(area) => {
                within("feather", area.feather, 0.0, 20.0)
            }
            MaskShape::Luma(band) => {
                both("range", band.range, 1.0)?;
                if band.range[0] >= band.range[1] {
                    return Err(problem(
                        [place, &[Key::Name("range")]].concat(),
                        "range must be two numbers from 0 to 1, the smaller one first",
                    ));
                }
                within("softness", band.softness, 2.0, 50.0)
            }
            MaskShape::Hue(band) => {
                within("center", band.center, 0.0, 360.0)?;
                within("reach", band.reach, 20.0, 180.0)?;
                within("chroma", band.chroma, 5.0, 50.0)
            }
            MaskShape::Linear(gradient) => {
                within("angle", gradient.angle, 0.0, 360.0)?;
                within("position", gradient.position, 0.0, 100.0)?;
                within("width", gradient.width, 1.0, 100.0)
            }
            MaskShape::Radial(gradient) => {
                both("center", gradient.center, 100.0)?;
                within("radius", gradient.radius, 1.0, 200.0)?;
                within("feather", gradient.feather, 1.0, 100.0)
            }
        }
    }
}
