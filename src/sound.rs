//! Decoded sound, and the sound format of rendered films.

/// Sample rate of every film, Hz: AAC encoders and all platforms take it without resampling.
pub const RATE: u32 = 48_000;
/// Channels of every film.
pub const CHANNELS: usize = 2;
/// The sound format of every film.
pub const FORMAT: SoundFormat = SoundFormat {
    rate: RATE,
    channels: CHANNELS as u16,
};

/// Rate and channels of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundFormat {
    /// Samples a second for each channel.
    pub rate: u32,
    /// Number of channels, at least 1.
    pub channels: u16,
}

/// A run of samples at a known position.
#[derive(Debug, Clone)]
pub struct SoundBlock {
    /// Index of the first sample (for each channel) from the file's time zero, at `format.rate`.
    pub start: u64,
    /// Rate and channels.
    pub format: SoundFormat,
    /// Interleaved, nominally -1..1.
    pub samples: Vec<f32>,
}

impl SoundBlock {
    /// Samples for each channel.
    pub fn frames(&self) -> usize {
        self.samples.len() / usize::from(self.format.channels.max(1))
    }
}
