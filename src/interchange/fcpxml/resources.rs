//! Writes the resources of FCPXML: formats and assets.

use crate::edit::SourceKind;
use crate::interchange::fcpxml::keys::time_text;
use crate::interchange::medium::Medium;
use crate::interchange::write_request::WriteRequest;
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// The id of the sequence's format.
pub(super) const SEQUENCE_FORMAT: &str = "r1";
/// Final Cut's name for the format of stills.
const STILL_FORMAT: &str = "FFVideoFormatRateUndefined";
/// Seconds of a file whose length is not known, if no clip uses more.
const UNKNOWN_LENGTH: i64 = 1;

/// The id of a file's asset.
pub(super) fn asset_id(medium: usize) -> String {
    format!("a{}", medium + 1)
}

/// The id of a file's format.
fn format_id(medium: usize) -> String {
    format!("f{}", medium + 1)
}

pub(super) fn write_resources(xml: &mut XmlWriter, request: &WriteRequest<'_>) {
    let output = &request.plan.output;
    xml.start("resources", &[]);
    let (frame, width, height) = (
        time_text(request.frame()),
        output.width.to_string(),
        output.height.to_string(),
    );
    xml.empty(
        "format",
        &[
            ("id", SEQUENCE_FORMAT),
            ("frameDuration", &frame),
            ("width", &width),
            ("height", &height),
            ("colorSpace", "1-1-1 (Rec. 709)"),
        ],
    );
    for (number, medium) in request.sequence.media.iter().enumerate() {
        if medium.kind != Some(SourceKind::Audio) {
            write_format(xml, request, number, medium);
        }
        write_asset(xml, request, number, medium);
    }
    xml.end();
}

fn write_format(xml: &mut XmlWriter, request: &WriteRequest<'_>, number: usize, medium: &Medium) {
    let id = format_id(number);
    let size = medium.facts.size;
    let (width, height) = (
        size.map_or(request.plan.output.width, |size| size.width)
            .to_string(),
        size.map_or(request.plan.output.height, |size| size.height)
            .to_string(),
    );
    let rate = medium.facts.frame_rate.and_then(Rational::inverse);
    let frame = time_text(rate.unwrap_or(request.frame()));
    let mut attributes = vec![("id", id.as_str())];
    if medium.is_still() {
        attributes.push(("name", STILL_FORMAT));
    } else {
        attributes.push(("frameDuration", &frame));
    }
    attributes.extend([("width", width.as_str()), ("height", height.as_str())]);
    xml.empty("format", &attributes);
}

fn write_asset(xml: &mut XmlWriter, request: &WriteRequest<'_>, number: usize, medium: &Medium) {
    let (id, format) = (asset_id(number), format_id(number));
    let duration = if medium.is_still() {
        Rational::ZERO
    } else {
        let known = medium.facts.duration.filter(|each| *each > Rational::ZERO);
        known.unwrap_or_else(|| used(request, number))
    };
    let duration = time_text(duration);
    let mut attributes = vec![
        ("id", id.as_str()),
        ("name", &medium.name),
        ("start", "0s"),
        ("duration", &duration),
    ];
    if medium.kind != Some(SourceKind::Audio) {
        attributes.extend([
            ("hasVideo", "1"),
            ("format", &format),
            ("videoSources", "1"),
        ]);
    }
    let sound = medium.facts.sound.unwrap_or((48_000, 2));
    let (rate, channels) = (sound.0.to_string(), sound.1.to_string());
    if medium.facts.sound.is_some() || medium.kind == Some(SourceKind::Audio) {
        attributes.extend([
            ("hasAudio", "1"),
            ("audioSources", "1"),
            ("audioChannels", &channels),
            ("audioRate", &rate),
        ]);
    }
    xml.start("asset", &attributes);
    let url = request.relative_url(medium);
    xml.empty("media-rep", &[("kind", "original-media"), ("src", &url)]);
    xml.end();
}

/// The last second of a file that the plan uses.
fn used(request: &WriteRequest<'_>, number: usize) -> Rational {
    let Some(medium) = request.sequence.media.get(number) else {
        return Rational::whole(UNKNOWN_LENGTH);
    };
    let plan = request.plan;
    let picture = plan.picture.iter();
    let picture = picture.map(|segment| (&segment.source, segment.end_exact));
    let sound = plan.sound.iter();
    let sound = sound.map(|segment| (&segment.source, segment.end_exact));
    let ends = picture
        .chain(sound)
        .filter(|(source, _)| **source == medium.id);
    ends.map(|(_, end)| end)
        .max()
        .unwrap_or(Rational::whole(UNKNOWN_LENGTH))
}
