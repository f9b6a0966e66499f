//! The waveform of a sound: the peak of each piece, one piece for each unit of a page's width.

use std::path::Path;

use crate::error::{Error, Result};
use crate::media::{Channels, Limits, SoundReader, SoundRequest};
use crate::task::Task;

/// Pieces that the sound is divided into: one for each unit of a drawing's width.
const PIECES: usize = 1200;
/// Sample rate for the peaks, in Hz: enough for a drawing, cheap to process.
const RATE: u32 = 8_000;

/// The peak, 0..1, of each of up to 1200 equal pieces of `seconds` of sound.
///
/// Of a sound that breaks off, the part before is used.
///
/// Errors: those of [`SoundReader`].
pub(super) fn outline(path: &Path, seconds: f64, limits: &Limits, task: &Task) -> Result<Vec<f32>> {
    let request = SoundRequest {
        rate: Some(RATE),
        channels: Channels::Mono,
    };
    let mut reader = SoundReader::open(path, limits, request)?;
    let rate = f64::from(reader.format().rate.max(1));
    let all = (seconds * rate).max(1.0);
    let mut peaks = vec![0.0_f32; PIECES];
    let mut at = 0_u64;
    loop {
        task.check()?;
        let block = match reader.next_block() {
            Ok(Some(block)) => block,
            Ok(None) | Err(Error::BreaksOff { .. }) => return Ok(peaks),
            Err(error) => return Err(error),
        };
        for sample in &block.samples {
            let piece = (at as f64 / all * PIECES as f64) as usize;
            if let Some(peak) = peaks.get_mut(piece)
                && sample.is_finite()
            {
                *peak = peak.max(sample.abs().min(1.0));
            }
            at += 1;
        }
    }
}
