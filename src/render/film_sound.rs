//! The sound of a film: mixed, mastered to its loudness, and written along with the picture.

use std::thread::{Scope, ScopedJoinHandle};

use crate::edit::Plan;
use crate::error::Result;
use crate::media::FilmWriter;
use crate::render::mastering::{Mastering, MasteringChain, SoundReport};
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

/// The sound of a film. It is measured on a thread of its own while the first pictures are drawn; from then on it is
/// written up to them.
pub(super) struct LateSound<'scope, 'a> {
    plan: &'a Plan,
    sources: SoundSources<'a>,
    measuring: Option<ScopedJoinHandle<'scope, Result<Mastering>>>,
    measured: Option<(FilmSound<'a>, SoundReport)>,
}

impl<'scope, 'a: 'scope> LateSound<'scope, 'a> {
    /// Begins to measure the sound of `plan`, where it has any.
    pub fn measure(
        scope: &'scope Scope<'scope, '_>,
        plan: &'a Plan,
        sources: SoundSources<'a>,
        task: &'a Task,
    ) -> Self {
        let begin = || scope.spawn(move || master(plan, &sources, task));
        Self {
            plan,
            sources,
            measuring: (!plan.sound.is_empty()).then(begin),
            measured: None,
        }
    }

    /// Writes the samples up to `time`, as soon as they are measured: until then pictures wait for them in the writer.
    pub fn write_until(&mut self, time: Rational, writer: &mut FilmWriter) -> Result<()> {
        if let Some(thread) = self.measuring.take_if(|thread| thread.is_finished()) {
            self.begin(thread)?;
        }
        match &mut self.measured {
            Some((sound, _)) => sound.write_until(time, writer),
            None => Ok(()),
        }
    }

    /// Waits until the sound is measured, so that it can be written along with pictures that are there already.
    pub fn wait(&mut self) -> Result<()> {
        match self.measuring.take() {
            Some(thread) => self.begin(thread),
            None => Ok(()),
        }
    }

    /// Writes all samples up to `end`. Returns what mastering did; `None` for a plan without sound.
    pub fn finish(mut self, end: Rational, writer: &mut FilmWriter) -> Result<Option<SoundReport>> {
        self.wait()?;
        self.write_until(end, writer)?;
        Ok(self.measured.map(|(_, report)| report))
    }

    fn begin(&mut self, thread: ScopedJoinHandle<'_, Result<Mastering>>) -> Result<()> {
        let mastering = match thread.join() {
            Ok(mastering) => mastering?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        let mixer = Mixer::new(self.plan, &self.sources)?;
        let sound = FilmSound::new(mixer, mastering.chain());
        self.measured = Some((sound, mastering.report));
        Ok(())
    }
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
