//! Band-limited resampling of streamed sound (rubato).

use crate::error::Result;

/// Turns blocks at one rate into blocks at another; its delay is taken out, so sample times stay true.
pub struct Resampler {}

impl Resampler {
    /// From `from` to `to` samples a second, `channels` interleaved.
    pub fn new(from: u32, to: u32, channels: u16) -> Result<Self> {
        let _ = (from, to, channels);
        unimplemented!()
    }

    /// Takes interleaved samples and appends what is ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<()> {
        let _ = (samples, out);
        unimplemented!()
    }

    /// Appends the rest; all in all `round(input × to / from)` samples a channel come out.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<()> {
        let _ = out;
        unimplemented!()
    }
}
