//! Writes XMEML.

use crate::edit::MarkerKind;
use crate::interchange::loss::{LossBook, LostPart, is_cropped};
use crate::interchange::sequence::{SequenceItem, SequenceTransition, TrackContent};
use crate::interchange::write_request::WriteRequest;
use crate::interchange::xmeml::clip_item::{ClipEdges, FilesWritten, write_clip};
use crate::interchange::xmeml::rate::{frames, write_rate};
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// The version that both programs read.
const VERSION: &str = "4";
/// Samples a second that sequences are mixed at.
const SAMPLE_RATE: &str = "48000";

/// The timeline as XMEML.
pub(in crate::interchange) fn write(request: &WriteRequest<'_>, losses: &mut LossBook) -> String {
    let mut xml = XmlWriter::new("xmeml");
    let rate = request.rate();
    let output = &request.plan.output;
    xml.start("xmeml", &[("version", VERSION)]);
    xml.start("sequence", &[("id", "sequence-1")]);
    xml.text("name", &[], &request.sequence.name);
    let length = frames(output.duration_exact, rate).to_string();
    xml.text("duration", &[], &length);
    write_rate(&mut xml, rate);
    xml.start("timecode", &[]);
    write_rate(&mut xml, rate);
    xml.text("string", &[], "00:00:00:00");
    xml.text("frame", &[], "0");
    xml.text("displayformat", &[], "NDF");
    xml.end();
    xml.start("media", &[]);
    let mut files = FilesWritten::default();
    xml.start("video", &[]);
    xml.start("format", &[]);
    xml.start("samplecharacteristics", &[]);
    write_rate(&mut xml, rate);
    xml.text("width", &[], &output.width.to_string());
    xml.text("height", &[], &output.height.to_string());
    xml.text("anamorphic", &[], "FALSE");
    xml.text("pixelaspectratio", &[], "square");
    xml.text("fielddominance", &[], "none");
    xml.end();
    xml.end();
    write_tracks(&mut xml, request, TrackContent::Picture, &mut files);
    xml.end();
    xml.start("audio", &[]);
    xml.start("format", &[]);
    xml.start("samplecharacteristics", &[]);
    xml.text("depth", &[], "16");
    xml.text("samplerate", &[], SAMPLE_RATE);
    xml.end();
    xml.end();
    write_tracks(&mut xml, request, TrackContent::Sound, &mut files);
    xml.end();
    xml.end();
    write_markers(&mut xml, request);
    note_losses(request, losses);
    xml.finish()
}

fn write_tracks(
    xml: &mut XmlWriter,
    request: &WriteRequest<'_>,
    content: TrackContent,
    files: &mut FilesWritten,
) {
    let tracks = request.sequence.tracks.iter();
    for track in tracks.filter(|track| track.content == content) {
        xml.start("track", &[]);
        let mut time = Rational::ZERO;
        for (at, item) in track.items.iter().enumerate() {
            let around = |at: Option<usize>| match at.and_then(|at| track.items.get(at)) {
                Some(SequenceItem::Transition(transition)) => Some(transition),
                _ => None,
            };
            match item {
                SequenceItem::Clip(clip) => {
                    let edges = ClipEdges {
                        content,
                        time,
                        into: around(at.checked_sub(1)).map(|each| span(each, request)),
                        out: around(Some(at + 1)).map(|each| span(each, request)),
                    };
                    write_clip(xml, request, clip, &edges, files);
                }
                SequenceItem::Transition(transition) => {
                    write_transition(xml, request, transition, time);
                }
                SequenceItem::Gap(_) | SequenceItem::Nested { .. } => {}
            }
            time = time + item.duration();
        }
        xml.end();
    }
}

/// Frames of a transition before and after its cut. Readers take its middle, rounded down, for the cut.
fn span(transition: &SequenceTransition, request: &WriteRequest<'_>) -> (i64, i64) {
    let whole = frames(transition.before + transition.after, request.rate());
    (whole / 2, whole - whole / 2)
}

fn write_transition(
    xml: &mut XmlWriter,
    request: &WriteRequest<'_>,
    transition: &SequenceTransition,
    cut: Rational,
) {
    let cut = frames(cut, request.rate());
    let (before, after) = span(transition, request);
    xml.start("transitionitem", &[]);
    write_rate(xml, request.rate());
    xml.text("start", &[], &(cut - before).to_string());
    xml.text("end", &[], &(cut + after).to_string());
    xml.text("alignment", &[], "center");
    xml.start("effect", &[]);
    xml.text("name", &[], "Cross Dissolve");
    xml.text("effectid", &[], "Cross Dissolve");
    xml.text("effectcategory", &[], "Dissolve");
    xml.text("effecttype", &[], "transition");
    xml.text("mediatype", &[], "video");
    xml.end();
    xml.end();
}

fn write_markers(xml: &mut XmlWriter, request: &WriteRequest<'_>) {
    for marker in &request.sequence.markers {
        let kind = marker.kind.unwrap_or(MarkerKind::Note);
        let kind = format!("{kind:?}").to_lowercase();
        let at = frames(marker.at, request.rate());
        xml.start("marker", &[]);
        xml.text("name", &[], &marker.text);
        xml.text("comment", &[], &kind);
        xml.text("in", &[], &at.to_string());
        xml.text("out", &[], "-1");
        xml.end();
    }
}

fn note_losses(request: &WriteRequest<'_>, losses: &mut LossBook) {
    let plan = request.plan;
    for (number, segment) in plan.picture.iter().enumerate() {
        let place = format!("picture[{number}]");
        if is_cropped(&segment.crop) {
            losses.note(LostPart::Crop, "crop", &place, "the whole picture");
        }
        if let Some(look) = &segment.look {
            let instead = format!("a table beside the timeline, for {}", segment.look_strength);
            losses.note(LostPart::Look, format!("look {look}"), &place, instead);
        }
        losses.note_unlike_dissolve(segment, &place);
        for effect in &segment.effects {
            let what = format!("effect {}", effect.facts().kind);
            losses.note(LostPart::Effect, what, &place, "no effect");
        }
    }
    for (number, sound) in plan.sound.iter().enumerate() {
        if sound.gain.iter().any(|[_, decibel]| *decibel != 0.0) {
            let place = format!("sound[{number}]");
            losses.note(LostPart::Other, "gain", place, "the sound as loud as it is");
        }
    }
    for number in 0..plan.captions.len() {
        let place = format!("captions[{number}]");
        losses.note(LostPart::Caption, "caption", place, "no text");
    }
}
