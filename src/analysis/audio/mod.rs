//! Analysis of sound: loudness, speech, vocals and music, beats, key, tags, mood and sections, from one decode.
//!
//! The sound is decoded once, at its own rate and channels ([`analyze_audio`]), and feeds four streams: loudness and
//! levels (unchanged), rhythm (`stream_22khz`, mono: beats, key, timbre), voice (`stream_16khz`, mono: speech, vocals,
//! music, tags, words) and, on request, the fingerprint (`chromaprint`, mono). Each keeps features or activations,
//! never the samples, so hours of sound take tens of megabytes.

mod analyze_audio;
mod beat_tracking;
mod caption_words;
mod chromaprint;
mod downbeat_evidence;
mod downbeats;
mod energy_curve;
mod event_spans;
mod key;
mod loudness;
mod music_mood;
mod music_summary;
mod overlapping_windows;
mod report_rounding;
mod sections;
mod silence_and_hits;
mod spectrogram;
mod stream_16khz;
mod stream_22khz;
mod tags;
mod tempo;
mod timbre;
mod transcript;
mod true_peak;
mod utterances;
mod vocals;
mod voice_activity;

pub use analyze_audio::analyze_audio;
pub use caption_words::{parse_captions, read_captions};
