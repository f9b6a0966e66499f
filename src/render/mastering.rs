//! Masters the mix to the plan's loudness (EBU R 128, ITU-R BS.1770-4).
//!
//! The first pass measures the mix. One gain brings it to the target. Where peaks would then exceed the ceiling, the
//! limiter holds them; that costs loudness, so the limited mix is measured again and the gain corrected, up to
//! [`CORRECTIONS`] times. No pass holds more than a block of the mix.

use ebur128::{EbuR128, Mode};
use serde::Serialize;

use crate::error::Result;
use crate::render::limiter::Limiter;
use crate::sound::{CHANNELS, RATE};
use crate::time::rounded;

/// Most gain on a quiet mix, in dB: more would bring up its hiss.
const HIGHEST_BOOST_DB: f64 = 20.0;
/// Most that the limiter takes off the highest peak, in dB. A mix that would need more, and would sound crushed, stays
/// quieter.
const STRONGEST_LIMITING_DB: f64 = 12.0;
/// Headroom for AAC, in dB: its decoded peaks exceed those of the mix by up to this.
const CODEC_MARGIN_DB: f64 = 0.5;
/// Most corrections of the gain after limiting; each one plays the mix once more.
const CORRECTIONS: usize = 3;
/// Distance from the target at which correcting stops, in LU: ten times finer than the check of the film.
const CLOSE_ENOUGH_LU: f64 = 0.1;

/// Loudness and peak of a sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LoudnessReading {
    /// Integrated loudness; `None` for silence and below 400 ms, the length of one measuring block.
    pub integrated_lufs: Option<f64>,
    /// Highest true peak; minus infinity for silence.
    pub true_peak_dbtp: f64,
}

/// Measures interleaved 48 kHz stereo.
pub(crate) struct Meter {
    /// `None` only if the library refused the rate or the channels, which are constant.
    meter: Option<EbuR128>,
}

impl Meter {
    pub fn new() -> Self {
        Self {
            meter: EbuR128::new(CHANNELS as u32, RATE, Mode::I | Mode::TRUE_PEAK).ok(),
        }
    }

    pub fn push(&mut self, samples: &[f32]) {
        if let Some(meter) = &mut self.meter {
            // Fails only for a length that is not a multiple of the channels.
            let _ = meter.add_frames_f32(samples);
        }
    }

    pub fn measured(&self) -> LoudnessReading {
        let Some(meter) = &self.meter else {
            return LoudnessReading {
                integrated_lufs: None,
                true_peak_dbtp: f64::NEG_INFINITY,
            };
        };
        let peak = (0..CHANNELS as u32)
            .filter_map(|channel| meter.true_peak(channel).ok())
            .fold(0.0, f64::max);
        LoudnessReading {
            integrated_lufs: meter.loudness_global().ok().filter(|lufs| lufs.is_finite()),
            true_peak_dbtp: 20.0 * peak.log10(),
        }
    }
}

/// What mastering did to the mix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SoundReport {
    /// Integrated loudness of the mix before mastering; absent for silence and below 400 ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mix_lufs: Option<f64>,
    /// Gain on the whole mix, in dB.
    pub gain_db: f64,
    /// The limiter's strongest reduction, in dB, 0 or below.
    pub limited_db: f64,
    /// Integrated loudness before encoding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_lufs: Option<f64>,
    /// True peak before encoding; absent for silence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_peak_dbtp: Option<f64>,
    /// Why the target was not met, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The gain and limiting that bring a mix to its target.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mastering {
    gain_db: f64,
    /// `None` where no peak comes near it and the limiter is not needed.
    ceiling_dbtp: Option<f64>,
    pub report: SoundReport,
}

impl Mastering {
    /// Finds the gain. `play` hands the whole mix, block by block, to its closure; it is called one to `2 +
    /// CORRECTIONS` times.
    pub fn find(
        target_lufs: f64,
        true_peak_dbtp: f64,
        play: impl Fn(&mut dyn FnMut(&[f32])) -> Result<()>,
    ) -> Result<Self> {
        let mut meter = Meter::new();
        play(&mut |block| meter.push(block))?;
        let mix = meter.measured();
        let ceiling = true_peak_dbtp - CODEC_MARGIN_DB;

        let highest =
            HIGHEST_BOOST_DB.min(ceiling + STRONGEST_LIMITING_DB - mix.true_peak_dbtp.max(-200.0));
        let wanted = mix.integrated_lufs.map_or(0.0, |lufs| target_lufs - lufs);
        let mut gain_db = wanted.min(highest);
        let mut limited_db = 0.0;
        let mut finished = LoudnessReading {
            integrated_lufs: mix.integrated_lufs.map(|lufs| lufs + gain_db),
            true_peak_dbtp: mix.true_peak_dbtp + gain_db,
        };
        let limit = finished.true_peak_dbtp > ceiling;
        if limit {
            for round in 0..=CORRECTIONS {
                let mut chain = MasteringChain::new(gain_db, Some(ceiling));
                let mut meter = Meter::new();
                let mut out = Vec::new();
                play(&mut |block| {
                    out.clear();
                    chain.push(block, &mut out);
                    meter.push(&out);
                })?;
                out.clear();
                chain.finish(&mut out);
                meter.push(&out);
                finished = meter.measured();
                limited_db = chain.reduction_db();
                let missing = finished
                    .integrated_lufs
                    .map_or(0.0, |lufs| target_lufs - lufs);
                let next = (gain_db + missing).min(highest);
                if round == CORRECTIONS
                    || missing.abs() <= CLOSE_ENOUGH_LU
                    || (next - gain_db).abs() < 0.01
                {
                    break;
                }
                gain_db = next;
            }
        }
        let note = match finished.integrated_lufs {
            None if mix.true_peak_dbtp == f64::NEG_INFINITY => Some("the sound is silence"),
            None => Some("the sound is too short or too quiet to have a loudness"),
            Some(lufs) if target_lufs - lufs > 0.5 && gain_db >= HIGHEST_BOOST_DB => {
                Some("the sound is very quiet: it was raised by 20 dB and no further")
            }
            Some(lufs) if (target_lufs - lufs).abs() > 0.5 => {
                Some("the sound has high peaks: it was not limited any harder")
            }
            Some(_) => None,
        };
        Ok(Self {
            gain_db,
            ceiling_dbtp: limit.then_some(ceiling),
            report: SoundReport {
                mix_lufs: mix.integrated_lufs.map(rounded),
                gain_db: rounded(gain_db),
                limited_db: rounded(limited_db),
                integrated_lufs: finished.integrated_lufs.map(rounded),
                true_peak_dbtp: Some(finished.true_peak_dbtp)
                    .filter(|peak| peak.is_finite())
                    .map(rounded),
                note: note.map(str::to_owned),
            },
        })
    }

    /// A new chain that applies it to the mix.
    pub fn chain(&self) -> MasteringChain {
        MasteringChain::new(self.gain_db, self.ceiling_dbtp)
    }
}

/// Gain, followed by the limiter where it is needed.
pub(crate) struct MasteringChain {
    gain: f64,
    limiter: Option<Limiter>,
    raised: Vec<f32>,
}

impl MasteringChain {
    fn new(gain_db: f64, ceiling_dbtp: Option<f64>) -> Self {
        Self {
            gain: 10_f64.powf(gain_db / 20.0),
            limiter: ceiling_dbtp.map(Limiter::new),
            raised: Vec::new(),
        }
    }

    /// Takes samples of the mix and appends what is ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.raised.clear();
        self.raised.extend(
            samples
                .iter()
                .map(|sample| (f64::from(*sample) * self.gain) as f32),
        );
        match &mut self.limiter {
            Some(limiter) => limiter.push(&self.raised, out),
            None => out.extend_from_slice(&self.raised),
        }
    }

    /// Appends the rest.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        if let Some(limiter) = &mut self.limiter {
            limiter.finish(out);
        }
    }

    fn reduction_db(&self) -> f64 {
        self.limiter.as_ref().map_or(0.0, Limiter::reduction_db)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn mastered(
        samples: &[f32],
        target: f64,
        peak: f64,
    ) -> (SoundReport, LoudnessReading, Vec<f32>) {
        let mastering = Mastering::find(target, peak, |take| {
            samples.chunks(9600).for_each(take);
            Ok(())
        })
        .unwrap();
        let mut chain = mastering.chain();
        let mut out = Vec::new();
        samples
            .chunks(9600)
            .for_each(|block| chain.push(block, &mut out));
        chain.finish(&mut out);
        let mut meter = Meter::new();
        meter.push(&out);
        (mastering.report, meter.measured(), out)
    }

    fn tone(seconds: f64, amplitude: impl Fn(f64) -> f64) -> Vec<f32> {
        (0..(seconds * f64::from(RATE)) as usize)
            .flat_map(|at| {
                let time = at as f64 / f64::from(RATE);
                let sample = (amplitude(time) * (2.0 * PI * 997.0 * time).sin()) as f32;
                [sample; 2]
            })
            .collect()
    }

    #[test]
    fn a_tone_measures_what_the_standard_says() {
        // EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS has -23 LUFS.
        let samples = tone(20.0, |_| 10_f64.powf(-23.0 / 20.0));
        let mut meter = Meter::new();
        meter.push(&samples);
        let measured = meter.measured();
        assert!((measured.integrated_lufs.unwrap() + 23.0).abs() < 0.1);
        assert!((measured.true_peak_dbtp + 23.0).abs() < 0.1);
    }

    #[test]
    fn one_gain_is_enough_where_peaks_are_low() {
        let samples = tone(3.0, |_| 0.05);
        let (report, finished, out) = mastered(&samples, -14.0, -1.0);
        assert!((finished.integrated_lufs.unwrap() + 14.0).abs() < 0.05);
        assert_eq!((report.limited_db, report.note), (0.0, None));
        let gain = f64::from(out[1001]) / f64::from(samples[1001]);
        assert!((20.0 * gain.log10() - report.gain_db).abs() < 0.01);
    }

    #[test]
    fn peaks_are_limited_and_the_loudness_still_met() {
        // Five short bursts a second over a quieter tone.
        let samples = tone(6.0, |time| {
            if (time * 5.0).fract() < 0.03 {
                0.9
            } else {
                0.15
            }
        });
        let (report, finished, _) = mastered(&samples, -12.0, -1.0);
        assert!(report.limited_db < -1.0, "{report:?}");
        assert!(
            (finished.integrated_lufs.unwrap() + 12.0).abs() < 0.5,
            "{report:?}"
        );
        assert!(finished.true_peak_dbtp <= -1.0, "{finished:?}");
    }

    #[test]
    fn loud_sound_is_lowered() {
        let samples = tone(3.0, |_| 1.8);
        let (report, finished, _) = mastered(&samples, -14.0, -1.0);
        assert!(report.gain_db < -15.0);
        assert!((finished.integrated_lufs.unwrap() + 14.0).abs() < 0.05);
    }

    #[test]
    fn silence_short_and_quiet_sound_are_not_blown_up() {
        let (report, _, out) = mastered(&vec![0.0; 96_000], -14.0, -1.0);
        assert!(out.iter().all(|sample| *sample == 0.0));
        assert_eq!(report.note.as_deref(), Some("the sound is silence"));

        let (report, _, _) = mastered(&tone(0.2, |_| 0.1), -14.0, -1.0);
        assert_eq!(report.gain_db, 0.0);
        assert!(report.note.is_some());

        let (report, _, _) = mastered(&tone(3.0, |_| 0.001), -14.0, -1.0);
        assert_eq!(report.gain_db, 20.0);
        assert!(report.note.unwrap().contains("very quiet"));
    }
}
