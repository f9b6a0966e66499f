//! Frame rates of XMEML: a whole number, and whether it is slowed by 1000/1001.

use crate::interchange::xml_tree::XmlElement;
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// The exact comment of a time that is no whole frame: `tastemaker in 3/20`.
pub(super) const EXACT_IN: &str = "tastemaker in ";

/// The whole number above a rate, and whether it is slowed.
pub(super) fn parts(rate: Rational) -> (i64, bool) {
    let whole = -(Rational::ZERO - rate).floor();
    (whole, rate.denominator() == 1001)
}

/// Whether XMEML can say a rate.
pub(super) fn can_be_said(rate: Rational) -> bool {
    let (whole, slowed) = parts(rate);
    let said = if slowed {
        Rational::new(whole * 1000, 1001)
    } else {
        Some(Rational::whole(whole))
    };
    said == Some(rate)
}

/// The whole number of frames nearest to a time.
pub(super) fn frames(time: Rational, rate: Rational) -> i64 {
    (time * rate).round()
}

pub(super) fn write_rate(xml: &mut XmlWriter, rate: Rational) {
    let (whole, slowed) = parts(rate);
    xml.start("rate", &[]);
    xml.text("timebase", &[], &whole.to_string());
    xml.text("ntsc", &[], if slowed { "TRUE" } else { "FALSE" });
    xml.end();
}

/// The rate in an element; `None` where it has none.
///
/// Errors: it is no rate.
pub(super) fn rate_in(element: &XmlElement) -> Result<Option<Rational>, String> {
    let Some(rate) = element.child("rate") else {
        return Ok(None);
    };
    let Some(text) = rate.text_at("timebase") else {
        return Ok(None);
    };
    let wrong = || format!("a time base of {text:?}");
    let base: f64 = text.parse().map_err(|_| wrong())?;
    let ntsc = rate
        .text_at("ntsc")
        .is_some_and(|ntsc| ntsc.eq_ignore_ascii_case("true"));
    let base = if ntsc { base * 1000.0 / 1001.0 } else { base };
    crate::interchange::fraction::frame_rate(base)
        .map(Some)
        .ok_or_else(wrong)
}
