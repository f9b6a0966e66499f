//! Writes the document: its profile, its tracks, and what is lost.

use crate::interchange::fraction::{fraction, is_on_grid};
use crate::interchange::loss::{LossBook, LostPart};
use crate::interchange::mlt::entry::Entry;
use crate::interchange::mlt::writer::{PARTS_OF_A_SECOND, Writer};
use crate::interchange::sequence::TrackContent;
use crate::interchange::write_request::{EditingProgram, WriteRequest};
use crate::interchange::xml_writer::XmlWriter;
use crate::time::Rational;

/// The timeline as MLT XML.
pub(in crate::interchange) fn write(request: &WriteRequest<'_>, losses: &mut LossBook) -> String {
    let mut writer = Writer {
        request,
        xml: XmlWriter::new(""),
        producers: 0,
        tractors: 0,
    };
    writer
        .xml
        .start("mlt", &[("LC_NUMERIC", "C"), ("version", "7.0.0")]);
    writer.profile();
    let mut tracks = vec![writer.background()];
    for track in &request.sequence.tracks {
        tracks.push((writer.playlist(track, tracks.len()), hidden(track.content)));
    }
    writer.tractor(&tracks);
    note_losses(request, losses);
    writer.xml.finish()
}

/// What a track does not show or play: pictures are silent, since the plan's sound lies beside them.
fn hidden(content: TrackContent) -> &'static str {
    match content {
        TrackContent::Picture => "audio",
        TrackContent::Sound => "video",
    }
}

impl Writer<'_> {
    fn profile(&mut self) {
        let output = &self.request.plan.output;
        let (rate, width, height) = (output.frame_rate, output.width, output.height);
        let whole = |value: i64| value.to_string();
        let attributes = [
            ("description", format!("{width}x{height}")),
            ("width", width.to_string()),
            ("height", height.to_string()),
            ("progressive", whole(1)),
            ("sample_aspect_num", whole(1)),
            ("sample_aspect_den", whole(1)),
            ("display_aspect_num", width.to_string()),
            ("display_aspect_den", height.to_string()),
            ("frame_rate_num", whole(rate.numerator())),
            ("frame_rate_den", whole(rate.denominator())),
            ("colorspace", whole(709)),
        ];
        self.element("profile", &attributes, true);
    }

    /// Black behind everything, which Shotcut expects as the first track.
    fn background(&mut self) -> (String, &'static str) {
        let count = self.frames(self.request.plan.output.duration_exact).max(1);
        let attributes = [
            ("id", "black".to_owned()),
            ("in", "0".to_owned()),
            ("out", (count - 1).to_string()),
        ];
        self.element("producer", &attributes, false);
        self.property("mlt_service", "color");
        self.property("resource", "black");
        self.property("length", &count.to_string());
        self.xml.end();
        self.xml.start("playlist", &[("id", "background")]);
        let entry = Entry {
            producer: "black".into(),
            first: 0,
            count,
        };
        self.element("entry", &entry.attributes(), true);
        self.xml.end();
        ("background".into(), "")
    }

    fn tractor(&mut self, tracks: &[(String, &str)]) {
        let count = self.frames(self.request.plan.output.duration_exact).max(1);
        let out = (count - 1).to_string();
        self.xml
            .start("tractor", &[("id", "film"), ("in", "0"), ("out", &out)]);
        self.property("shotcut", "1");
        self.markers();
        for (id, hidden) in tracks {
            let mut attributes = vec![("producer", id.as_str())];
            if !hidden.is_empty() {
                attributes.push(("hide", hidden));
            }
            self.xml.empty("track", &attributes);
        }
        for track in 1..tracks.len() {
            self.xml.start("transition", &[]);
            self.property("a_track", "0");
            self.property("b_track", &track.to_string());
            self.property("mlt_service", "mix");
            self.property("always_active", "1");
            self.property("sum", "1");
            self.xml.end();
        }
        self.xml.end();
    }

    /// Markers as Shotcut writes them.
    fn markers(&mut self) {
        let is_for_kdenlive = self.request.program == Some(EditingProgram::Kdenlive);
        if self.request.sequence.markers.is_empty() || is_for_kdenlive {
            return;
        }
        self.xml.start("properties", &[("name", "shotcut:markers")]);
        let markers = self.request.sequence.markers.iter();
        for (number, marker) in markers.enumerate() {
            let time = clock(marker.at);
            let kind = marker.kind.map(|kind| format!("{kind:?}").to_lowercase());
            let text = if marker.text.is_empty() {
                kind.unwrap_or_default()
            } else {
                marker.text.clone()
            };
            self.xml
                .start("properties", &[("name", &number.to_string())]);
            self.property("text", &text);
            self.property("start", &time);
            self.property("end", &time);
            self.property("color", "#008000");
            self.xml.end();
        }
        self.xml.end();
    }
}

/// `00:00:03.040`.
fn clock(time: Rational) -> String {
    let thousandths = (time * Rational::whole(1000)).round().max(0);
    let seconds = thousandths / 1000;
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        thousandths % 1000
    )
}

fn note_losses(request: &WriteRequest<'_>, losses: &mut LossBook) {
    let plan = request.plan;
    for (number, segment) in plan.picture.iter().enumerate() {
        let place = format!("picture[{number}]");
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
    if request.program == Some(EditingProgram::Kdenlive) {
        for number in 0..plan.markers.len() {
            let place = format!("markers[{number}]");
            losses.note(LostPart::Marker, "marker", place, "no guide");
        }
    }
    for (number, sound) in plan.sound.iter().enumerate() {
        let at = fraction(sound.at, PARTS_OF_A_SECOND).unwrap_or(Rational::ZERO);
        let on_frames = [at, sound.start_exact, sound.end_exact]
            .iter()
            .all(|time| is_on_grid(*time, request.rate()));
        let place = format!("sound[{number}]");
        if sound.speed != 1.0 {
            let what = format!("stretch of sound to {}", sound.speed);
            losses.note(LostPart::Other, what, place.as_str(), "its own speed");
        }
        if !on_frames {
            let what = "times of sound between frames";
            losses.note(LostPart::Other, what, place, "the nearest frames");
        }
    }
    for number in 0..plan.captions.len() {
        let place = format!("captions[{number}]");
        losses.note(LostPart::Caption, "caption", place, "no text");
    }
}
