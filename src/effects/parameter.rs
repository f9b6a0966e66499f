//! The numbers that an effect takes from a plan.

/// A number of an effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its key in a plan.
    pub name: &'static str,
    /// The values that are allowed.
    pub range: ParameterRange,
    /// The unit, such as `s` or `of the frame`.
    pub unit: &'static str,
}

/// The values that a parameter may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterRange {
    /// From the first number to the second, both included.
    Between(f64, f64),
    /// A time in the source, in seconds, that lies within the segment.
    WithinSegment,
}

impl Parameter {
    /// The least and the greatest value in a segment from `start` to `end` (seconds of the source).
    pub fn limits(&self, start: f64, end: f64) -> (f64, f64) {
        match self.range {
            ParameterRange::Between(least, most) => (least, most),
            ParameterRange::WithinSegment => (start, end),
        }
    }

    /// Key, range and unit for the documentation.
    pub fn words(&self) -> String {
        match self.range {
            ParameterRange::Between(least, most) => {
                format!("`{}` {least} to {most} {}", self.name, self.unit)
            }
            ParameterRange::WithinSegment => {
                format!("`{}` within the segment, {}", self.name, self.unit)
            }
        }
    }
}
