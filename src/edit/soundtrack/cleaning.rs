//! Whether noise is taken off the speech of a file.
//!
//! What cleans speech also costs some of it, so a recording in a quiet room stays untouched, to the bit. So does one in a
//! very loud room, where the network takes words for noise. Music in a
//! recording would be taken for noise; such a recording stays untouched, too. Who asks for cleaning gets it everywhere
//! that somebody speaks.

use crate::analysis::{AudioReport, Span};
use crate::choice::Reason;
use crate::edit::talk::speech_over_room;
use crate::edit::{Denoiser, EditRequest, SourceFile};

/// By how much speech must be over the room to stay untouched, in dB. On the half for tuning of
/// `scripts/measure-speech-cleaning` cleaning gains 3 dB of SI-SDR at 19 dB, nothing at 27, and loses 8 at 37.
const QUIET_ROOM: f64 = 25.0;
/// Below this many dB over the room words are lost by cleaning: at 13 dB, two more in a hundred and up to seven.
const LOUD_ROOM: f64 = 16.0;
/// Share of a recording with music in it from which on it stays untouched.
const MUSICAL: f64 = 0.1;

/// What becomes of the noise in a file's speech.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::edit) struct CleaningChoice {
    /// What takes it off.
    pub denoiser: Denoiser,
    /// The reason.
    pub why: Reason,
}

impl CleaningChoice {
    /// A choice that a person made.
    pub fn asked(denoiser: Denoiser) -> Self {
        let why = match denoiser {
            Denoiser::None => {
                Reason::new("not_cleaned", 1.0, "It stays as recorded, as asked for.")
            }
            _ => Reason::new("cleaned", 1.0, "Noise is taken off, as asked for."),
        };
        Self { denoiser, why }
    }
}

/// What becomes of the noise in a source's speech; `None` where nobody speaks, or nothing is cleaned in this style.
pub(in crate::edit) fn choose_cleaning(
    request: &EditRequest<'_>,
    source: &SourceFile,
) -> Option<CleaningChoice> {
    let audio = source.analysis.audio.as_ref()?;
    if audio.speech.is_empty() {
        return None;
    }
    if let Some(denoiser) = request.denoise {
        return Some(CleaningChoice::asked(denoiser));
    }
    let usual = request.style.sound.denoise;
    if usual == Denoiser::None {
        return None;
    }
    let over = speech_over_room(source.levels.as_ref()?, audio)?;
    let (denoiser, code, text) = if has_music(audio) {
        let text = "There is music in the recording, which cleaning would take for noise.".into();
        (Denoiser::None, "music_kept", text)
    } else if over < LOUD_ROOM {
        let text = format!(
            "The voice is {over:.0} dB over the room: cleaning would cost words, so it stays as recorded."
        );
        (Denoiser::None, "loud_room", text)
    } else if over < QUIET_ROOM {
        let text = format!("The voice is only {over:.0} dB over the room: noise is taken off.");
        (usual, "cleaned", text)
    } else {
        let text = format!("The voice is {over:.0} dB over the room: it stays as recorded.");
        (Denoiser::None, "quiet_room", text)
    };
    Some(CleaningChoice {
        denoiser,
        why: Reason::new(code, (QUIET_ROOM - over) / QUIET_ROOM, text),
    })
}

fn has_music(audio: &AudioReport) -> bool {
    let music: f64 = audio
        .music
        .iter()
        .map(|Span { start, end }| end - start)
        .sum();
    music > audio.duration * MUSICAL
}
