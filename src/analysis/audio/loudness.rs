//! Loudness by EBU R 128: integrated and range (EBU Tech 3341, 3342), true peak (ITU-R BS.1770), and a curve.

use ebur128::{Channel, EbuR128, Mode};

use super::true_peak::TruePeak;
use crate::analysis::Loudness;
use crate::sound::SoundFormat;

/// Lowest value of the curve, LUFS: the absolute gate of BS.1770.
pub(super) const SILENCE: f64 = -70.0;

/// Milliseconds of the short-term window.
const SHORT_TERM: u64 = 3000;
/// Milliseconds of one gating block; shorter sound has no loudness.
const GATING_BLOCK: u64 = 400;

/// Measures a stream of blocks at the file's own rate and channels.
pub(super) struct LoudnessMeter {
    /// `None` for a sample rate or channel count that the standard does not cover.
    meter: Option<EbuR128>,
    peak: TruePeak,
    format: SoundFormat,
    /// Samples of each channel so far.
    frames: u64,
    curve: Vec<f64>,
}

impl LoudnessMeter {
    pub fn new(format: SoundFormat) -> Self {
        let channels = u32::from(format.channels);
        let meter = EbuR128::new(channels, format.rate, Mode::I | Mode::LRA | Mode::S)
            .ok()
            .and_then(|mut meter| {
                meter.set_channel_map(&channel_map(channels)).ok()?;
                Some(meter)
            });
        Self {
            meter,
            peak: TruePeak::new(format.rate, format.channels),
            format,
            frames: 0,
            curve: Vec::new(),
        }
    }

    /// Takes interleaved samples.
    pub fn push(&mut self, samples: &[f32]) {
        let channels = usize::from(self.format.channels.max(1));
        let rate = u64::from(self.format.rate.max(1));
        self.peak.push(samples);
        let mut rest = samples;
        while !rest.is_empty() {
            // Stop at each whole second to read the curve there.
            let room = (rate - self.frames % rate) as usize * channels;
            let (part, after) = rest.split_at(room.min(rest.len()));
            rest = after;
            if let Some(meter) = &mut self.meter {
                // Fails only for incomplete frames, and blocks hold complete ones.
                let _ = meter.add_frames_f32(part);
            }
            self.frames += (part.len() / channels) as u64;
            if self.frames.is_multiple_of(rate) && self.frames >= 2 * rate {
                let seconds = self.frames / rate;
                self.curve.push(self.window(SHORT_TERM.min(seconds * 1000)));
            }
        }
    }

    /// The figures, and the loudness of every second that has begun: the short-term window around it (3 s, shorter at
    /// the ends), not below [`SILENCE`].
    pub fn finish(mut self) -> (Loudness, Vec<f64>) {
        let rate = u64::from(self.format.rate.max(1));
        let milliseconds = self.frames * 1000 / rate;
        for second in self.curve.len() as u64..self.frames.div_ceil(rate) {
            let from = second.saturating_sub(1) * 1000;
            self.curve
                .push(self.window((milliseconds - from).min(SHORT_TERM)));
        }
        let Some(meter) = &self.meter else {
            return (Loudness::default(), Vec::new());
        };
        let integrated_lufs = meter
            .loudness_global()
            .ok()
            .filter(|value| value.is_finite() && milliseconds >= GATING_BLOCK);
        let range_lu = meter.loudness_range().ok().filter(|value| {
            value.is_finite() && integrated_lufs.is_some() && milliseconds >= SHORT_TERM
        });
        let peak = f64::from(self.peak.peak());
        let loudness = Loudness {
            integrated_lufs,
            range_lu,
            true_peak_dbtp: (peak > 0.0).then(|| 20.0 * peak.log10()),
        };
        (loudness, self.curve)
    }

    fn window(&self, milliseconds: u64) -> f64 {
        let measured = self.meter.as_ref().and_then(|meter| {
            let window = u32::try_from(milliseconds)
                .ok()
                .filter(|&window| window > 0)?;
            meter.loudness_window(window).ok()
        });
        measured
            .filter(|value| value.is_finite())
            .map_or(SILENCE, |value| value.max(SILENCE))
    }
}

/// Positions by the usual channel orders of files (WAVE, FLAC, AAC after reordering): front, center, low-frequency,
/// back, side. BS.1770-4 weighs by azimuth: the sides count 1.41, the back 1, the low-frequency channel nothing.
fn channel_map(channels: u32) -> Vec<Channel> {
    use Channel::{
        Center, Left, LeftSurround, Mm090, Mm135, Mp090, Mp135, Mp180, Right, RightSurround, Unused,
    };
    match channels {
        1 => vec![Center],
        2 => vec![Left, Right],
        3 => vec![Left, Right, Center],
        4 => vec![Left, Right, LeftSurround, RightSurround],
        5 => vec![Left, Right, Center, LeftSurround, RightSurround],
        6 => vec![Left, Right, Center, Unused, LeftSurround, RightSurround],
        7 => vec![Left, Right, Center, Unused, Mp180, Mp090, Mm090],
        8 => vec![Left, Right, Center, Unused, Mp135, Mm135, Mp090, Mm090],
        // There is no usual order for more channels; weight them equally.
        more => vec![Center; more as usize],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(format: SoundFormat, seconds: f64, level: f32) -> Vec<f32> {
        let frames = (f64::from(format.rate) * seconds) as usize;
        (0..frames)
            .flat_map(|frame| {
                let phase = std::f32::consts::TAU * 1000.0 * frame as f32 / format.rate as f32;
                std::iter::repeat_n(phase.sin() * level, usize::from(format.channels))
            })
            .collect()
    }

    const STEREO: SoundFormat = SoundFormat {
        rate: 48_000,
        channels: 2,
    };

    #[test]
    fn a_stereo_sine_at_minus_23_dbfs_is_minus_23_lufs() {
        let mut meter = LoudnessMeter::new(STEREO);
        for part in sine(STEREO, 20.0, 10f32.powf(-23.0 / 20.0)).chunks(9_998) {
            meter.push(part);
        }
        let (loudness, curve) = meter.finish();
        assert!((loudness.integrated_lufs.unwrap() + 23.0).abs() < 0.1);
        assert!(loudness.range_lu.unwrap().abs() < 0.1);
        assert!((loudness.true_peak_dbtp.unwrap() + 23.0).abs() < 0.1);
        assert_eq!(curve.len(), 20);
        assert!(
            curve.iter().all(|value| (value + 23.0).abs() < 0.1),
            "{curve:?}"
        );
    }

    #[test]
    fn silence_and_snippets_have_no_loudness() {
        let mut silent = LoudnessMeter::new(STEREO);
        silent.push(&vec![0.0; 96_000 * 5]);
        let (loudness, curve) = silent.finish();
        assert_eq!(loudness, Loudness::default());
        assert_eq!(curve, vec![SILENCE; 5]);

        let mut short = LoudnessMeter::new(STEREO);
        short.push(&sine(STEREO, 0.2, 0.5));
        let (loudness, curve) = short.finish();
        assert_eq!(loudness.integrated_lufs, None);
        assert_eq!(loudness.range_lu, None);
        assert!(loudness.true_peak_dbtp.is_some());
        assert_eq!(curve.len(), 1);

        assert_eq!(LoudnessMeter::new(STEREO).finish().1, Vec::<f64>::new());
    }

    #[test]
    fn the_low_frequency_channel_does_not_count_and_surround_does() {
        let format = SoundFormat {
            rate: 48_000,
            channels: 6,
        };
        let only = |channel: usize| {
            let mut samples = sine(format, 5.0, 0.1);
            for (index, sample) in samples.iter_mut().enumerate() {
                if index % 6 != channel {
                    *sample = 0.0;
                }
            }
            let mut meter = LoudnessMeter::new(format);
            meter.push(&samples);
            meter.finish().0.integrated_lufs
        };
        assert_eq!(only(3), None);
        let difference = only(4).unwrap() - only(0).unwrap();
        assert!((difference - 1.5).abs() < 0.05, "{difference}");
    }
}
