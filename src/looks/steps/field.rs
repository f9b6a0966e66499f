//! Numeric parameters of steps: checked and documented from one definition.

use crate::looks::check::{Problem, within};

/// One number in the parameters `P`.
#[derive(Debug)]
pub(super) struct NumberField<P> {
    /// The key in a look file.
    pub(super) name: &'static str,
    pub(super) least: f64,
    pub(super) most: f64,
    /// `%`, `°`, `stops`; empty for display values (0 black, 1 white) and other plain numbers.
    unit: &'static str,
    /// The value of a missing key; `None` if it is required.
    default: Option<f64>,
    /// The meaning, if the name does not tell.
    note: &'static str,
    pub(super) value: fn(&P) -> f64,
}

impl<P> NumberField<P> {
    pub(super) const fn new(
        name: &'static str,
        [least, most]: [f64; 2],
        unit: &'static str,
        value: fn(&P) -> f64,
    ) -> Self {
        Self {
            name,
            least,
            most,
            unit,
            default: None,
            note: "",
            value,
        }
    }

    pub(super) const fn default(mut self, default: f64) -> Self {
        self.default = Some(default);
        self
    }

    pub(super) const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    /// Markdown such as `` `pivot` 0.1..0.9 (0.45): the value that stays ``.
    fn described(&self) -> String {
        let number = |value: f64| value.to_string().replace('-', "−");
        let mut text = format!(
            "`{}` {}..{}",
            self.name,
            number(self.least),
            number(self.most)
        );
        if !self.unit.is_empty() {
            text.push_str(&format!(" {}", self.unit));
        }
        if let Some(default) = self.default {
            text.push_str(&format!(" ({})", number(default)));
        }
        if !self.note.is_empty() {
            text.push_str(&format!(": {}", self.note));
        }
        text
    }
}

/// Fails on the first number outside its range.
pub(super) fn check_fields<P>(parameters: &P, fields: &[NumberField<P>]) -> Result<(), Problem> {
    fields.iter().try_for_each(|field| {
        let value = (field.value)(parameters);
        within(field.name, value, field.least, field.most)
    })
}

/// All fields as a line of Markdown.
pub(super) fn described<P>(fields: &[NumberField<P>]) -> String {
    let fields: Vec<String> = fields.iter().map(NumberField::described).collect();
    fields.join("; ")
}
