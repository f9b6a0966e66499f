//! Converts a chained Ogg stream (RFC 3533, section 4) to the rate and channels of the first stream of its file.

use crate::error::Result;
use crate::media::Resampler;
use crate::media::ffmpeg::sound::with_channels;
use crate::sound::SoundFormat;

/// Converts sound from one format to another.
pub(super) struct ChainedSound {
    from: u16,
    to: u16,
    resampler: Resampler,
}

impl ChainedSound {
    /// `None` if the formats are the same.
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

    /// Converts interleaved samples; the last ones may come out with a later call.
    pub(super) fn convert(&mut self, samples: Vec<f32>) -> Result<Vec<f32>> {
        let mut ready = Vec::new();
        let samples = with_channels(samples, self.from, self.to);
        self.resampler.push(&samples, &mut ready)?;
        Ok(ready)
    }

    /// The samples that were held back.
    pub(super) fn finish(mut self) -> Result<Vec<f32>> {
        let mut ready = Vec::new();
        self.resampler.finish(&mut ready)?;
        Ok(ready)
    }
}
