//! The sound of a film: mixed, mastered to its loudness, and written along with the picture.

use crate::edit::Plan;
use crate::error::Result;
use crate::media::FilmWriter;
use crate::render::mastering::{Mastering, MasteringChain};
use crate::render::mixer::{Mixer, SoundSources};
use crate::sound::{CHANNELS, RATE};
use crate::task::Task;
use crate::time::Rational;

/// Finds the mastering that brings the mix of `plan` to its loudness.
pub(super) fn master(plan: &Plan, sources: &SoundSources<'_>, task: &Task) -> Result<Mastering> {
    Mastering::find(
        plan.output.loudness_lufs,
        plan.output.true_peak_dbtp,
        |take| {
            let mut mixer = Mixer::new(plan, sources)?;
            while let Some(block) = mixer.next_block()? {
                task.check()?;
                take(&block);
            }
            Ok(())
        },
    )
}

/// The finished sound of a film.
pub(super) struct FilmSound<'a> {
    mixer: Mixer<'a>,
    chain: MasteringChain,
    ready: Vec<f32>,
    /// Samples (a channel) written so far.
    written: i64,
    ended: bool,
}

impl<'a> FilmSound<'a> {
    /// The output of `mixer`, finished by `chain`.
    pub fn new(mixer: Mixer<'a>, chain: MasteringChain) -> Self {
        Self {
            mixer,
            chain,
            ready: Vec::new(),
            written: 0,
            ended: false,
        }
    }

    /// Writes the samples up to `time`.
    pub fn write_until(&mut self, time: Rational, writer: &mut FilmWriter) -> Result<()> {
        let until = (time * Rational::whole(i64::from(RATE))).round();
        let wanted = usize::try_from(until - self.written).unwrap_or(0) * CHANNELS;
        while self.ready.len() < wanted && !self.ended {
            match self.mixer.next_block()? {
                Some(block) => self.chain.push(&block, &mut self.ready),
                None => {
                    self.chain.finish(&mut self.ready);
                    self.ended = true;
                }
            }
        }
        let count = wanted.min(self.ready.len());
        writer.write_sound(&self.ready[..count])?;
        self.ready.drain(..count);
        self.written += (count / CHANNELS) as i64;
        Ok(())
    }
}
