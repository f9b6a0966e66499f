//! `tone_curve`: free curves through points.

use serde::{Deserialize, Serialize};

use crate::looks::check::{ParameterKey, Problem, problem, within_at};
use crate::looks::curve::Curve;
use crate::looks::operations::Operations;
use crate::looks::steps::{StepStage, Step, StepInfo};

/// Monotone cubic curves through points `[in, out]`, 0..1, flat beyond the outer points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToneCurve {
    /// The curve for all channels; colors keep their hue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub master: Vec<[f64; 2]>,
    /// The curve for red, after `master`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub red: Vec<[f64; 2]>,
    /// The curve for green.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub green: Vec<[f64; 2]>,
    /// The curve for blue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blue: Vec<[f64; 2]>,
}

/// Most points of a curve: as many as a person sets by hand.
const MOST_POINTS: usize = 16;
/// Least horizontal distance of two points. Closer points would make a step too steep for a table.
const LEAST_DISTANCE: f64 = 0.01;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "tone_curve",
    stage: StepStage::Color,
    takes_masks: true,
    feature: None,
    parameters: || {
        "`master`, `red`, `green`, `blue`: 2 to 16 points `[in, out]` from left to right, 0..1, joined by a \
         monotone cubic"
            .into()
    },
    summary: "`master` keeps hues; the channels follow it",
    formula: "a monotone cubic; `master` bends the largest and the least channel and keeps the hue",
    source: "Fritsch and Carlson 1980; Adobe DNG SDK",
};

impl Step for ToneCurve {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        let curves = [
            ("master", &self.master),
            ("red", &self.red),
            ("green", &self.green),
            ("blue", &self.blue),
        ];
        if curves.iter().all(|(_, points)| points.is_empty()) {
            return Err(problem(
                vec![],
                "a tone_curve needs points in master, red, green or blue",
            ));
        }
        curves
            .into_iter()
            .filter(|(_, points)| !points.is_empty())
            .try_for_each(|(name, points)| check_points(name, points))
    }

    fn color(&self, operations: &mut Operations) {
        if !self.master.is_empty() {
            let curve = Curve::new(&self.master);
            operations.master(|value| curve.at(value));
        }
        let curves = [&self.red, &self.green, &self.blue];
        if curves.iter().any(|points| !points.is_empty()) {
            let curves = curves.map(|points| Curve::new(points));
            operations.curves(|value, channel| curves[channel].at(value));
        }
    }
}

fn check_points(name: &'static str, points: &[[f64; 2]]) -> Result<(), Problem> {
    if !(2..=MOST_POINTS).contains(&points.len()) {
        let count = points.len();
        return Err(problem(
            vec![ParameterKey::Name(name)],
            format!("{name} has {count} points, allowed are 2 to {MOST_POINTS}"),
        ));
    }
    for (number, point) in points.iter().enumerate() {
        for (side, value) in point.iter().enumerate() {
            let path = vec![ParameterKey::Name(name), ParameterKey::Number(number), ParameterKey::Number(side)];
            within_at(path, name, *value, [0.0, 1.0])?;
        }
        if number > 0 && point[0] - points[number - 1][0] < LEAST_DISTANCE {
            return Err(problem(
                vec![ParameterKey::Name(name), ParameterKey::Number(number)],
                format!(
                    "points of {name} must go from left to right, at least {LEAST_DISTANCE} apart: {} comes after {}",
                    point[0],
                    points[number - 1][0]
                ),
            ));
        }
    }
    Ok(())
}
