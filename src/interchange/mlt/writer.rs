//! An MLT document while it is written.

use crate::interchange::write_request::WriteRequest;
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// Finest parts of a second of a keyframe.
pub(super) const PARTS_OF_A_SECOND: i64 = 1_000_000;

/// The document, and how many of each were written.
pub(super) struct Writer<'a> {
    pub request: &'a WriteRequest<'a>,
    pub xml: XmlWriter,
    pub producers: usize,
    pub tractors: usize,
}

impl Writer<'_> {
    /// The frame nearest to a second.
    pub fn frames(&self, time: Rational) -> i64 {
        (time * self.request.rate()).round()
    }

    pub fn property(&mut self, name: &str, value: &str) {
        self.xml.text("property", &[("name", name)], value);
    }

    pub fn element(&mut self, name: &str, attributes: &[(&'static str, String)], is_empty: bool) {
        let attributes: Vec<(&str, &str)> = attributes
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        if is_empty {
            self.xml.empty(name, &attributes);
        } else {
            self.xml.start(name, &attributes);
        }
    }
}
