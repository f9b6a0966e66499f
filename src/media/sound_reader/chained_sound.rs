//! Chained Ogg streams that differ from the first in rate or channels, brought to the first's (RFC 3533, section 4).

use crate::error::Result;
use crate::media::Resampler;
use crate::media::ffmpeg::sound::with_channels;
use crate::sound::SoundFormat;

/// Brings sound of one format to another.
pub(super) struct ChainedSound {
    from: u16,
    to: u16,
    resampler: Resampler,
}

impl ChainedSound {
    /// `None` where the formats are the same.
    pub(super) fn new(from: SoundFormat, to: SoundFormat) -> Result<Option<Self>> {
        if from == to {
            return Ok(None);
        }
        Ok(Some(Self {
            from: from.channels,
            to: to.channels,
            resampler: Resampler::new(from.rate, to.rate, to.channels)?,
        }))
    }

    /// What is ready of interleaved samples; the rest follows.
    pub(super) fn convert(&mut self, samples: Vec<f32>) -> Result<Vec<f32>> {
        let mut ready = Vec::new();
        let samples = with_channels(samples, self.from, self.to);
        self.resampler.push(&samples, &mut ready)?;
        Ok(ready)
    }

    /// The rest.
    pub(super) fn finish(mut self) -> Result<Vec<f32>> {
        let mut ready = Vec::new();
        self.resampler.finish(&mut ready)?;
        Ok(ready)
    }
}
