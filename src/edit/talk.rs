//! What stays of somebody who speaks: pauses are shortened and false starts cut out, never inside a word.
//!
//! A pause is cut where three witnesses agree that nobody speaks: no word of the transcript lies there, the network
//! hears no voice, and the sound is quiet, measured against the loud parts of the speech around it and against the
//! noise of the room ([`voiced_runs`]). Where one of them disagrees, the sound stays. So a cut needs no transcript,
//! which there is for English only, and a quiet cough of the network's is no reason to cut a word.
//!
//! What is left has a margin on either side, so that no soft consonant is lost, and a short pause stays where a long
//! one was ([`pauses`]). A start that is broken off and said again is cut out where both lie between pauses
//! ([`false_starts`]). Fillers ("um") are cut out where they are no word, else
//! marked ([`fillers()`]). Where a film would fall silent, the room of the recording goes on ([`room_tone()`]).

mod cut_spans;
mod false_starts;
mod fillers;
mod held_sounds;
mod pauses;
mod room_tone;
mod voice_levels;
mod voiced_runs;

pub use held_sounds::VoiceMoment;
pub use voice_levels::VoiceLevels;

pub(super) use cut_spans::spans_beside;
pub(super) use fillers::fillers;
pub(super) use pauses::{SpokenSpan, spoken_spans};
pub(super) use room_tone::room_tone;
pub(super) use voiced_runs::{speech_over_room, sure_voice, voiced_runs};
