//! Writes FCPXML.

use serde_json::to_string;

use crate::edit::{MarkerKind, SourceKind};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::interchange::fcpxml::keys::{PLAN, SEGMENT, SEGMENT_NOTE, time_text};
use crate::interchange::fcpxml::resources::{SEQUENCE_FORMAT, asset_id, write_resources};
use crate::interchange::fraction::on_grid;
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::sequence::{SequenceClip, SequenceItem, SequenceTrack, TrackContent};
use crate::interchange::write_request::WriteRequest;
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// The newest version that all readers know and that has all that is written.
const VERSION: &str = "1.10";
/// The timeline as FCPXML.
pub(in crate::interchange) fn write(
    request: &WriteRequest<'_>,
    losses: &mut LossBook,
) -> Result<String> {
    let mut writer = Writer {
        request,
        losses,
        xml: XmlWriter::new("fcpxml"),
    };
    writer.xml.start("fcpxml", &[("version", VERSION)]);
    write_resources(&mut writer.xml, request);
    let name = request.sequence.name.as_str();
    writer.xml.start("library", &[]);
    writer.xml.start("event", &[("name", name)]);
    writer.xml.start("project", &[("name", name)]);
    writer.sequence()?;
    writer.note_losses();
    Ok(writer.xml.finish())
}

/// A document while it is written.
pub(super) struct Writer<'a> {
    pub request: &'a WriteRequest<'a>,
    pub losses: &'a mut LossBook,
    pub xml: XmlWriter,
}

/// A clip of the spine and where it lies.
pub(super) struct SpineClip<'a> {
    pub clip: &'a SequenceClip,
    offset: Rational,
    /// Its own time at its beginning: seconds of the source, at the clip's speed.
    local: Rational,
    /// Whether no clip follows: what begins at the end belongs to it.
    is_last: bool,
}

impl SpineClip<'_> {
    /// Whether second `at` of the film lies in it.
    fn holds(&self, at: Rational) -> bool {
        at >= self.offset && (self.is_last || at < self.offset + self.clip.duration)
    }

    /// Second `at` of the film in its own time.
    fn local(&self, at: Rational) -> Rational {
        self.local + at - self.offset
    }
}

impl Writer<'_> {
    fn sequence(&mut self) -> Result<()> {
        let plan = self.request.plan;
        let duration = time_text(plan.output.duration_exact);
        let attributes = [
            ("format", SEQUENCE_FORMAT),
            ("duration", &duration),
            ("tcStart", "0s"),
            ("tcFormat", "NDF"),
            ("audioLayout", "stereo"),
            ("audioRate", "48k"),
        ];
        self.xml.start("sequence", &attributes);
        self.xml.start("spine", &[]);
        let tracks = self.request.sequence.tracks.iter();
        let mut pictures = tracks.filter(|track| track.content == TrackContent::Picture);
        if let Some(track) = pictures.next() {
            self.spine(track);
        }
        self.xml.end();
        let json = to_string(plan).map_err(|problem| Error::Nothing {
            what: format!("the plan cannot be written as JSON: {problem}"),
            hint: Hint::ReportFault,
        })?;
        self.xml.start("metadata", &[]);
        self.xml.empty("md", &[("key", PLAN), ("value", &json)]);
        self.xml.end();
        self.xml.end();
        Ok(())
    }

    fn spine(&mut self, track: &SequenceTrack) {
        let mut offset = Rational::ZERO;
        let last = track.items.len().saturating_sub(1);
        for (number, item) in track.items.iter().enumerate() {
            match item {
                SequenceItem::Transition(transition) => {
                    let (start, duration) = (
                        time_text(offset - transition.before),
                        time_text(transition.before + transition.after),
                    );
                    self.xml.empty(
                        "transition",
                        &[
                            ("name", "Cross Dissolve"),
                            ("offset", &start),
                            ("duration", &duration),
                        ],
                    );
                }
                SequenceItem::Clip(clip) => self.clip(&SpineClip {
                    clip,
                    offset,
                    local: clip.start * clip.speed.inverse().unwrap_or(Rational::ONE),
                    is_last: number == last,
                }),
                // A plan has neither.
                SequenceItem::Gap(_) | SequenceItem::Nested { .. } => {}
            }
            offset = offset + item.duration();
        }
    }

    fn clip(&mut self, place: &SpineClip<'_>) {
        let clip = place.clip;
        let is_still = self
            .request
            .medium(clip)
            .is_some_and(|medium| medium.is_still());
        let reference = asset_id(clip.medium.unwrap_or(0));
        let (offset, start, duration) = (
            time_text(place.offset),
            time_text(place.local),
            time_text(clip.duration),
        );
        let mut attributes = vec![
            ("ref", reference.as_str()),
            ("offset", &offset),
            ("name", &clip.name),
            ("start", &start),
            ("duration", &duration),
        ];
        let tag = if is_still { "video" } else { "asset-clip" };
        let has_sound = self
            .request
            .medium(clip)
            .is_some_and(|medium| medium.facts.sound.is_some());
        if !is_still && has_sound {
            // The plan's sound lies beside its pictures.
            attributes.push(("srcEnable", "video"));
        }
        self.xml.start(tag, &attributes);
        if is_still && let Some(number) = clip.segment {
            self.xml
                .text("note", &[], &format!("{SEGMENT_NOTE}{number}"));
        }
        self.timing(clip, place.local);
        self.transform(place);
        self.connected(place);
        self.markers(place);
        if !is_still {
            self.segment_number(clip);
        }
        self.xml.end();
    }

    fn segment_number(&mut self, clip: &SequenceClip) {
        if let Some(number) = clip.segment {
            let number = number.to_string();
            self.xml.start("metadata", &[]);
            self.xml
                .empty("md", &[("key", SEGMENT), ("value", &number)]);
            self.xml.end();
        }
    }

    /// How a clip's own time follows that of its file.
    fn timing(&mut self, clip: &SequenceClip, local: Rational) {
        let medium = self.request.medium(clip);
        let rate = medium.and_then(|medium| medium.facts.frame_rate);
        if rate.is_some_and(|rate| rate != self.request.rate()) {
            self.xml.empty("conform-rate", &[("scaleEnabled", "0")]);
        }
        if clip.speed == Rational::ONE {
            return;
        }
        let end = local + clip.duration;
        let whole = medium.and_then(|medium| medium.facts.duration);
        let slowness = clip.speed.inverse().unwrap_or(Rational::ONE);
        let end = whole.map_or(end, |whole| (whole * slowness).max(end));
        self.xml.start("timeMap", &[]);
        for time in [Rational::ZERO, end] {
            let (time, value) = (time_text(time), time_text(time * clip.speed));
            let attributes = [
                ("time", time.as_str()),
                ("value", &value),
                ("interp", "linear"),
            ];
            self.xml.empty("timept", &attributes);
        }
        self.xml.end();
    }

    /// The sounds that begin in a clip of the spine, on lanes below it.
    fn connected(&mut self, place: &SpineClip<'_>) {
        let tracks = self.request.sequence.tracks.iter();
        let sounds = tracks.filter(|track| track.content == TrackContent::Sound);
        for (lane, track) in sounds.enumerate() {
            let mut at = Rational::ZERO;
            for item in &track.items {
                if let SequenceItem::Clip(clip) = item
                    && place.holds(at)
                {
                    self.sound(clip, place.local(at), lane);
                }
                at = at + item.duration();
            }
        }
    }

    fn sound(&mut self, clip: &SequenceClip, offset: Rational, lane: usize) {
        let local = clip.start * clip.speed.inverse().unwrap_or(Rational::ONE);
        let reference = asset_id(clip.medium.unwrap_or(0));
        let (lane, offset, start, duration) = (
            format!("-{}", lane + 1),
            time_text(offset),
            time_text(local),
            time_text(clip.duration),
        );
        let mut attributes = vec![
            ("ref", reference.as_str()),
            ("lane", &lane),
            ("offset", &offset),
            ("name", &clip.name),
            ("start", &start),
            ("duration", &duration),
        ];
        let kind = self.request.medium(clip).and_then(|medium| medium.kind);
        if kind == Some(SourceKind::Video) {
            attributes.push(("srcEnable", "audio"));
        }
        self.xml.start("asset-clip", &attributes);
        self.timing(clip, local);
        if let Some(sound) = self.request.sound(clip) {
            self.volume(&sound.gain, sound.at, local);
        }
        self.segment_number(clip);
        self.xml.end();
    }

    fn markers(&mut self, place: &SpineClip<'_>) {
        let frame = time_text(self.request.frame());
        let markers = self.request.sequence.markers.iter();
        for marker in markers.filter(|marker| place.holds(marker.at)) {
            // Final Cut refuses what lies off the frames of the sequence.
            let at = on_grid(marker.at, self.request.rate());
            let start = time_text(place.local(at));
            let kind = marker.kind.unwrap_or(MarkerKind::Note);
            let kind = format!("{kind:?}").to_lowercase();
            let value = if marker.text.is_empty() {
                &kind
            } else {
                &marker.text
            };
            let mut attributes = vec![("start", start.as_str()), ("duration", &frame)];
            attributes.push(("value", value));
            if marker.kind == Some(MarkerKind::Chapter) {
                attributes.push(("posterOffset", "0s"));
                self.xml.empty("chapter-marker", &attributes);
            } else {
                attributes.push(("note", &kind));
                self.xml.empty("marker", &attributes);
            }
        }
    }

    fn note_losses(&mut self) {
        for (number, segment) in self.request.plan.picture.iter().enumerate() {
            let place = format!("picture[{number}]");
            if let Some(look) = &segment.look {
                let instead = format!("a table beside the timeline, for {}", segment.look_strength);
                let what = format!("look {look}");
                self.losses.note(LostPart::Look, what, &place, instead);
            }
            self.losses.note_unlike_dissolve(segment, &place);
            for effect in &segment.effects {
                let what = format!("effect {}", effect.facts().kind);
                self.losses
                    .note(LostPart::Effect, what, &place, "no effect");
            }
        }
        for number in 0..self.request.plan.captions.len() {
            let place = format!("captions[{number}]");
            self.losses
                .note(LostPart::Caption, "caption", place, "no text");
        }
    }
}
