//! Sample and frame rates of the networks for sound.

/// Samples a second, mono, that the networks for speech, sound events and music tags take.
pub const VOICE_RATE: u32 = 16_000;
/// Samples a second, mono, that the networks for beats take.
pub const BEAT_RATE: u32 = 22_050;
/// Frames a second that the network for sound events gives.
pub const EVENT_RATE: u32 = 100;
