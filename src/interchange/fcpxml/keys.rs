//! What both the reader and the writer know of FCPXML: its times and our metadata.

use crate::interchange::fraction::in_range;
use crate::interchange::xml_tree::XmlElement;
use crate::time::Rational;

/// The key of the plan in the metadata of a sequence.
pub(super) const PLAN: &str = "tastemaker.plan";
/// The key of a segment's number in the metadata of a clip.
pub(super) const SEGMENT: &str = "tastemaker.segment";
/// The same in the note of a still, which has no metadata: `tastemaker.segment 3`.
pub(super) const SEGMENT_NOTE: &str = "tastemaker.segment ";

/// `1001/30000s`.
pub(super) fn time_text(time: Rational) -> String {
    if time.denominator() == 1 {
        format!("{}s", time.numerator())
    } else {
        format!("{time}s")
    }
}

/// The seconds of an attribute; `None` where it is absent.
///
/// Errors: it is no time.
pub(super) fn time_of(element: &XmlElement, name: &str) -> Result<Option<Rational>, String> {
    let Some(text) = element.attribute(name) else {
        return Ok(None);
    };
    let bare = text.strip_suffix('s').unwrap_or(text);
    let time = bare.parse::<Rational>().ok().and_then(in_range);
    time.map(Some)
        .ok_or_else(|| format!("{name}=\"{text}\" is no time"))
}

/// The value of a key in the metadata of an element.
pub(super) fn metadata<'a>(element: &'a XmlElement, key: &str) -> Option<&'a str> {
    let mut entries = element.child("metadata")?.all("md");
    entries
        .find(|entry| entry.attribute("key") == Some(key))?
        .attribute("value")
}
