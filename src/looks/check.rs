//! Errors about parameters, with the path to the value, and range checks.

/// A parameter that is not allowed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    /// Keys and list indices from the step down to the value; empty for the step itself.
    pub(crate) path: Vec<ParameterKey>,
    /// What is wrong.
    pub(crate) what: String,
}

/// One level of the path to a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ParameterKey {
    Name(&'static str),
    Number(usize),
}

pub(super) fn problem(path: Vec<ParameterKey>, what: impl Into<String>) -> Problem {
    Problem {
        path,
        what: what.into(),
    }
}

/// Checks the value of the key `name` of a step.
pub(super) fn within(name: &'static str, value: f64, least: f64, most: f64) -> Result<(), Problem> {
    within_at(vec![ParameterKey::Name(name)], name, value, [least, most])
}

/// Checks the value at `path`, called `name` in the error. NaN is in no range.
pub(super) fn within_at(
    path: Vec<ParameterKey>,
    name: &str,
    value: f64,
    [least, most]: [f64; 2],
) -> Result<(), Problem> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        let what = format!("{name} is {value}, but must be from {least} to {most}");
        Err(problem(path, what))
    }
}
