//! Decoded sound, and the format that every film's sound has.

/// Samples a second of every film's sound: what AAC encoders and all platforms take without resampling.
pub const RATE: u32 = 48_000;
/// Channels of every film's sound.
pub const CHANNELS: usize = 2;
/// The format of every film's sound.
pub const FORMAT: SoundFormat = SoundFormat {
    rate: RATE,
    channels: CHANNELS as u16,
};

/// What a run of samples is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundFormat {
    /// Samples a second for each channel.
    pub rate: u32,
    /// Number of channels, at least 1.
    pub channels: u16,
}

/// A run of samples at a known place.
#[derive(Debug, Clone)]
pub struct SoundBlock {
    /// Index of the first sample (for each channel) from the file's time zero, at `format.rate`.
    pub start: u64,
    /// Rate and channels.
    pub format: SoundFormat,
    /// Interleaved, -1..1 (may pass it).
    pub samples: Vec<f32>,
}

impl SoundBlock {
    /// Samples for each channel.
    pub fn frames(&self) -> usize {
        self.samples.len() / usize::from(self.format.channels.max(1))
    }
}
