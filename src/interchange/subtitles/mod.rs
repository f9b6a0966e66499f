//! Captions of a film as files beside it: SubRip, WebVTT and Advanced SubStation Alpha; and its chapters as a list.

mod ass;
mod chapters;
mod clock_text;
mod srt;
mod vtt;

use crate::captions::Caption;
use crate::edit::Plan;
use crate::error::Result;
use crate::geometry::Size;
use crate::interchange::loss::{LossBook, LostPart};

pub use chapters::chapters;

/// A format of caption files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubtitleFormat {
    /// SubRip: read by nearly everything; text and times alone.
    Srt,
    /// WebVTT: for browsers; words have times where the style marks them.
    Vtt,
    /// Advanced SubStation Alpha: with styles, places and karaoke.
    Ass,
}

impl SubtitleFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Srt, Self::Vtt, Self::Ass];

    /// Its name, which is also the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Ass => "ass",
        }
    }

    /// The format of a file of this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let is_ending = |format: &Self| ending.eq_ignore_ascii_case(format.name());
        Self::ALL.into_iter().find(is_ending)
    }
}

/// The captions as a file of this format, over a picture of `size`.
///
/// Errors: `UnknownName` for a style that there is not.
pub fn write_subtitles(captions: &[Caption], size: Size, format: SubtitleFormat) -> Result<String> {
    match format {
        SubtitleFormat::Srt => Ok(srt::write(captions)),
        SubtitleFormat::Vtt => vtt::write(captions),
        SubtitleFormat::Ass => ass::write(captions, size),
    }
}

/// Notes everything of the plan but its captions as lost: a caption file holds text alone.
pub fn note_other_than_captions(plan: &Plan, losses: &mut LossBook) {
    note_picture_and_sound(plan, losses);
    for number in 0..plan.markers.len() {
        let place = format!("markers[{number}]");
        losses.note(LostPart::Marker, "marker", place, "nothing");
    }
}

/// Notes everything of the plan but its markers of chapters as lost.
pub fn note_other_than_chapters(plan: &Plan, kept: &[usize], losses: &mut LossBook) {
    note_picture_and_sound(plan, losses);
    for number in 0..plan.captions.len() {
        let place = format!("captions[{number}]");
        losses.note(LostPart::Caption, "caption", place, "nothing");
    }
    for number in (0..plan.markers.len()).filter(|number| !kept.contains(number)) {
        let place = format!("markers[{number}]");
        losses.note(LostPart::Marker, "marker", place, "nothing");
    }
}

fn note_picture_and_sound(plan: &Plan, losses: &mut LossBook) {
    let instead = "the film itself shows it";
    for (number, segment) in plan.picture.iter().enumerate() {
        let mut note =
            |part, what: &str| losses.note(part, what, format!("picture[{number}]"), instead);
        note(LostPart::Clip, "clip");
        if segment.transition.timed().is_some() {
            note(LostPart::Transition, "transition");
        }
        if segment.look.is_some() {
            note(LostPart::Look, "look");
        }
        if crate::interchange::loss::is_cropped(&segment.crop) {
            note(LostPart::Crop, "crop");
        }
        if segment.speed != 1.0 {
            note(LostPart::Speed, "speed");
        }
        for _ in &segment.effects {
            note(LostPart::Effect, "effect");
        }
    }
    for number in 0..plan.sound.len() {
        let place = format!("sound[{number}]");
        losses.note(LostPart::Clip, "sound", place, "the film itself plays it");
    }
}
