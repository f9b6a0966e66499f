//! Checks the parameters of masks.

use crate::looks::check::{ParameterKey, Problem, problem, within_at};
use crate::looks::mask::{Mask, MaskShape};

impl Mask {
    /// Checks every parameter against its range; `path` leads to the mask.
    pub(in crate::looks) fn check(&self, path: &[ParameterKey]) -> Result<(), Problem> {
        let within = |name: &'static str, value: f64, least: f64, most: f64| {
            let path = [path, &[ParameterKey::Name(name)]].concat();
            within_at(path, name, value, [least, most])
        };
        let both = |name: &'static str, values: [f64; 2], most: f64| {
            values
                .into_iter()
                .enumerate()
                .try_for_each(|(number, value)| {
                    let path = [
                        path,
                        &[ParameterKey::Name(name), ParameterKey::Number(number)],
                    ]
                    .concat();
                    within_at(path, name, value, [0.0, most])
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
                        [path, &[ParameterKey::Name("range")]].concat(),
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
