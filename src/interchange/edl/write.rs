//! Writes an edit decision list.

use crate::edit::MarkerKind;
use crate::interchange::edl::notes;
use crate::interchange::fraction::is_on_grid;
use crate::interchange::loss::{LossBook, LostPart, is_cropped};
use crate::interchange::medium::Medium;
use crate::interchange::sequence::{
    SequenceClip, SequenceItem, SequenceMarker, SequenceTransition, TrackContent,
};
use crate::interchange::timecode::Counting;
use crate::interchange::write_request::{EditingProgram, WriteRequest};
use crate::time::Rational;

/// Films begin at one hour by custom, so that what precedes them has a timecode too.
const FILM_STARTS: i64 = 3600;
/// Letters and digits of a reel's name in CMX 3600.
const REEL: usize = 8;
/// Events that the format can number.
const MOST_EVENTS: usize = 999;

/// The list of a timeline's pictures.
pub(in crate::interchange) fn write(request: &WriteRequest<'_>, losses: &mut LossBook) -> String {
    let rate = request.rate();
    let list = List {
        request,
        counting: Counting::of_rate(rate),
        reels: reels(&request.sequence.media),
    };
    let title: String = ascii(&request.sequence.name).chars().take(70).collect();
    let mut text = format!("TITLE: {title}\nFCM: NON-DROP FRAME\n");
    let pictures = request.sequence.tracks.iter();
    let pictures = pictures.filter(|track| track.content == TrackContent::Picture);
    let items: Vec<&SequenceItem> = pictures.flat_map(|track| &track.items).collect();
    let (mut time, mut events) = (Rational::ZERO, 0);
    let mut before: Option<&SequenceClip> = None;
    for (at, item) in items.iter().enumerate() {
        let SequenceItem::Clip(clip) = item else {
            continue;
        };
        events += 1;
        let into = at.checked_sub(1).and_then(|at| transition(&items, at));
        let out = transition(&items, at + 1);
        let place = EventPlace {
            number: events,
            time,
            into,
            early: list.early_frames(into),
            early_out: list.early_frames(out),
        };
        text.push_str(&list.event(clip, before, &place));
        time = time + clip.duration;
        before = Some(clip);
    }
    if events > MOST_EVENTS {
        let what = format!("event numbers beyond {MOST_EVENTS}");
        losses.note(LostPart::Other, what, "the list", "longer numbers");
    }
    note_losses(request, losses);
    text
}

fn transition<'a>(items: &[&'a SequenceItem], at: usize) -> Option<&'a SequenceTransition> {
    match items.get(at) {
        Some(SequenceItem::Transition(transition)) => Some(transition),
        _ => None,
    }
}

struct List<'a> {
    request: &'a WriteRequest<'a>,
    counting: Counting,
    /// One for each medium.
    reels: Vec<String>,
}

/// Where an event lies.
struct EventPlace<'a> {
    number: usize,
    /// Seconds of the film at its cut.
    time: Rational,
    into: Option<&'a SequenceTransition>,
    /// Frames that it begins before its cut: a list has a dissolve begin where the later clip begins.
    early: i64,
    /// Frames that the next one begins before its cut.
    early_out: i64,
}

impl List<'_> {
    fn frames(&self, time: Rational) -> i64 {
        (time * self.request.rate()).round()
    }

    /// Half a transition, rounded down.
    fn early_frames(&self, transition: Option<&SequenceTransition>) -> i64 {
        let whole = transition.map_or(0, |each| self.frames(each.before + each.after));
        whole / 2
    }

    fn event(
        &self,
        clip: &SequenceClip,
        before: Option<&SequenceClip>,
        place: &EventPlace<'_>,
    ) -> String {
        let film = FILM_STARTS * self.counting.frames;
        let record_in = film + self.frames(place.time) - place.early;
        let record_out = film + self.frames(place.time + clip.duration) - place.early_out;
        let in_source = |frames: i64| self.source_frames(clip, frames);
        let first = self.frames(clip.start);
        let source_in = first - in_source(place.early);
        let source_out = source_in + in_source(record_out - record_in);
        let code = |frames| self.counting.timecode(frames);
        let times = format!(
            "{} {} {} {}",
            code(source_in),
            code(source_out),
            code(record_in),
            code(record_out)
        );
        let (reel, number) = (self.reel(clip), place.number);
        let mut text = String::new();
        match (place.into, before) {
            (Some(transition), Some(before)) => {
                let length = self.frames(transition.before + transition.after);
                let end = self.frames(before.start)
                    + self.source_frames(before, self.frames(before.duration) - place.early);
                let (end, cut) = (code(end), code(record_in));
                let last = self.reel(before);
                text.push_str(&format!(
                    "{number:03}  {last:8} V     C        {end} {end} {cut} {cut}\n\
                     {number:03}  {reel:8} V     D    {length:03} {times}\n"
                ));
                text.push_str(&format!("* FROM CLIP NAME:  {}\n", ascii(&before.name)));
                text.push_str(&format!("* TO CLIP NAME:  {}\n", ascii(&clip.name)));
            }
            _ => {
                text.push_str(&format!("{number:03}  {reel:8} V     C        {times}\n"));
                text.push_str(&format!("* FROM CLIP NAME:  {}\n", ascii(&clip.name)));
            }
        }
        if clip.speed != Rational::ONE {
            let speed = (clip.speed * self.request.rate()).seconds();
            let start = code(source_in);
            text.push_str(&format!(
                "M2   {reel:8}       {speed:08.4}             {start}\n"
            ));
        }
        text.push_str(&self.comments(clip, place));
        text
    }

    /// Frames of the source in `frames` of the film.
    fn source_frames(&self, clip: &SequenceClip, frames: i64) -> i64 {
        (Rational::whole(frames) * clip.speed).round()
    }

    fn is_for_premiere(&self) -> bool {
        self.request.program == Some(EditingProgram::Premiere)
    }

    fn reel(&self, clip: &SequenceClip) -> &str {
        let reel = clip.medium.and_then(|at| self.reels.get(at));
        // Premiere looks for files by the names of clips when the reel is AX.
        match reel.filter(|_| !self.is_for_premiere()) {
            Some(reel) => reel,
            None => "AX",
        }
    }

    fn comments(&self, clip: &SequenceClip, place: &EventPlace<'_>) -> String {
        let mut text = String::new();
        if self.is_for_premiere() {
            return text;
        }
        if let Some(medium) = self.request.medium(clip) {
            let url = self.request.relative_url(medium);
            text.push_str(&format!("{} {url}\n", notes::SOURCE_FILE));
        }
        // At a speed, the frames before the cut may be halves of the source's.
        let early = Rational::whole(place.early) * self.request.frame() * clip.speed;
        let source_in = clip.start - early;
        if !is_on_grid(source_in, self.request.rate()) {
            text.push_str(&format!("{} {source_in}\n", notes::SOURCE_IN));
        }
        if place.number == 1 {
            let output = &self.request.plan.output;
            text.push_str(&format!(
                "{} {} {} {}x{}\n",
                notes::FRAME_RATE,
                output.frame_rate,
                notes::SIZE,
                output.width,
                output.height
            ));
        }
        let end = place.time + clip.duration;
        let markers = self.request.sequence.markers.iter();
        for marker in markers.filter(|marker| marker.at >= place.time && marker.at < end) {
            let film = FILM_STARTS * self.counting.frames;
            let time = self.counting.timecode(film + self.frames(marker.at));
            text.push_str(&format!(
                "* LOC: {time} {:7} {}\n",
                color(marker),
                words(marker)
            ));
        }
        text
    }
}

/// Colors that Avid knows, one for each kind.
fn color(marker: &SequenceMarker) -> &'static str {
    match marker.kind {
        Some(MarkerKind::Beat | MarkerKind::Downbeat) => "CYAN",
        Some(MarkerKind::Section | MarkerKind::Phrase) => "GREEN",
        Some(MarkerKind::Chapter) => "BLUE",
        Some(MarkerKind::Note) | None => "RED",
    }
}

fn words(marker: &SequenceMarker) -> String {
    match (marker.text.as_str(), marker.kind) {
        ("", Some(kind)) => format!("{kind:?}").to_uppercase(),
        (text, _) => ascii(text),
    }
}

/// Printable ASCII alone, on one line: lists are read in the code page of some machine.
fn ascii(text: &str) -> String {
    let kept = text.chars().map(|letter| match letter {
        ' '..='~' => letter,
        _ => '_',
    });
    kept.collect()
}

/// A reel for each medium: up to eight letters and digits of its name, no two alike.
fn reels(media: &[Medium]) -> Vec<String> {
    let mut reels: Vec<String> = Vec::with_capacity(media.len());
    for medium in media {
        let stem = medium
            .name
            .rsplit_once('.')
            .map_or(&*medium.name, |(stem, _)| stem);
        let letters = stem.chars().filter(char::is_ascii_alphanumeric);
        let mut base: String = letters.take(REEL).collect::<String>().to_ascii_uppercase();
        if base.is_empty() || ["AX", "BL", "BLACK", "BARS"].contains(&base.as_str()) {
            base = "REEL".into();
        }
        let mut reel = base.clone();
        let mut number = 2;
        while reels.contains(&reel) {
            let tail = number.to_string();
            let head: String = base.chars().take(REEL.saturating_sub(tail.len())).collect();
            reel = head + &tail;
            number += 1;
        }
        reels.push(reel);
    }
    reels
}

fn note_losses(request: &WriteRequest<'_>, losses: &mut LossBook) {
    let plan = request.plan;
    for (number, segment) in plan.picture.iter().enumerate() {
        let place = format!("picture[{number}]");
        if is_cropped(&segment.crop) {
            losses.note(LostPart::Crop, "crop", &place, "the whole picture");
        }
        if let Some(look) = &segment.look {
            losses.note(LostPart::Look, format!("look {look}"), &place, "no look");
        }
        losses.note_unlike_dissolve(segment, &place);
        for effect in &segment.effects {
            let what = format!("effect {}", effect.facts().kind);
            losses.note(LostPart::Effect, what, &place, "no effect");
        }
    }
    if request.program == Some(EditingProgram::Premiere) {
        for number in 0..plan.markers.len() {
            let place = format!("markers[{number}]");
            losses.note(LostPart::Marker, "marker", place, "no marker");
        }
    }
    for number in 0..plan.sound.len() {
        let place = format!("sound[{number}]");
        losses.note(LostPart::Clip, "sound", place, "pictures alone");
    }
    for number in 0..plan.captions.len() {
        let place = format!("captions[{number}]");
        losses.note(LostPart::Caption, "caption", place, "no text");
    }
}
