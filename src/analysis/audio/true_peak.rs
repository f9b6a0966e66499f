//! True peak: the peak of the sound between its samples (ITU-R BS.1770, annex 2).
//!
//! Oversamples four times (twice from 96 kHz on) with a windowed sinc of 48 taps, which is libebur128's filter. The
//! loops go block by block and tap by tap, so that the compiler can vectorize them, and skip a block whose samples are
//! too small to exceed the peak so far.

/// Taps of the filter, over all phases.
const TAPS: usize = 48;
/// Samples of a block.
const BLOCK: usize = 128;

/// Keeps the peak of all channels.
pub(super) struct TruePeak {
    channels: usize,
    /// For each phase between two samples, the weights of the last samples, newest first.
    phases: Vec<Vec<f32>>,
    /// The largest output of the filter for samples within ±1.
    most: f32,
    /// For each channel the last samples, which the filter needs for the next ones, oldest first.
    before: Vec<Vec<f32>>,
    peak: f32,
}

impl TruePeak {
    pub fn new(rate: u32, channels: u16) -> Self {
        let factor = match rate {
            ..96_000 => 4,
            96_000..192_000 => 2,
            _ => 1,
        };
        let channels = usize::from(channels.max(1));
        // Phase 0 is left out: it is the sample itself.
        let phases: Vec<Vec<f32>> = (1..factor).map(|phase| weights(factor, phase)).collect();
        let sum = |weights: &Vec<f32>| weights.iter().map(|weight| weight.abs()).sum::<f32>();
        Self {
            channels,
            most: phases.iter().map(sum).fold(1.0, f32::max) * 1.001,
            phases,
            before: vec![vec![0.0; TAPS / factor - 1]; channels],
            peak: 0.0,
        }
    }

    /// Takes interleaved samples, whole frames.
    pub fn push(&mut self, samples: &[f32]) {
        let mut line = Vec::new();
        for (channel, before) in self.before.iter_mut().enumerate() {
            line.clear();
            line.append(before);
            let reach = line.len();
            line.extend(samples.iter().skip(channel).step_by(self.channels));
            for start in (reach..line.len()).step_by(BLOCK) {
                let end = (start + BLOCK).min(line.len());
                let heard = line.get(start - reach..end).unwrap_or_default();
                self.peak = peak(heard, reach, &self.phases, self.most, self.peak);
            }
            before.extend_from_slice(&line[line.len() - reach..]);
        }
    }

    /// The peak so far, as an amplitude; 0 for silence.
    pub fn peak(&self) -> f32 {
        self.peak
    }
}

/// The larger of `peak` and the peak of the block that follows the first `reach` samples of `heard`.
fn peak(heard: &[f32], reach: usize, phases: &[Vec<f32>], most: f32, peak: f32) -> f32 {
    let loudest = |samples: &[f32]| samples.iter().fold(0f32, |most, at| most.max(at.abs()));
    if loudest(heard) * most <= peak {
        return peak;
    }
    let block = heard.get(reach..).unwrap_or_default();
    let mut peak = peak.max(loudest(block));
    for weights in phases {
        let mut sums = [0f32; BLOCK];
        for (back, weight) in weights.iter().enumerate() {
            let from = heard.get(reach.saturating_sub(back)..).unwrap_or_default();
            for (sum, sample) in sums.iter_mut().zip(from).take(block.len()) {
                *sum += sample * weight;
            }
        }
        peak = peak.max(loudest(&sums));
    }
    peak
}

/// The weights of the Hann-windowed sinc at one phase.
fn weights(factor: usize, phase: usize) -> Vec<f32> {
    (phase..TAPS)
        .step_by(factor)
        .map(|tap| {
            let turn = std::f64::consts::TAU * tap as f64 / TAPS as f64;
            let window = 0.5 * (1.0 - turn.cos());
            let place = (tap as f64 - TAPS as f64 / 2.0) * std::f64::consts::PI / factor as f64;
            (window * place.sin() / place) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use ebur128::{EbuR128, Mode};

    use super::*;

    #[test]
    fn peaks_are_those_of_the_reference() {
        for (rate, channels) in [(44_100, 1), (48_000, 2), (96_000, 3), (192_000, 2)] {
            let mut samples = Vec::new();
            for frame in 0..20_000u32 {
                for channel in 0..channels {
                    let time = f64::from(frame) / 20_000.0;
                    let wave = (9000.0 * time * (1.0 + time) + f64::from(channel)).sin();
                    samples.push((wave * (0.2 + 0.6 * time * (1.7 - time))) as f32);
                }
            }
            let mut reference = EbuR128::new(channels, rate, Mode::TRUE_PEAK).unwrap();
            reference.add_frames_f32(&samples).unwrap();
            let wanted = (0..channels)
                .map(|channel| reference.true_peak(channel).unwrap())
                .fold(0.0, f64::max);
            let channels = u16::try_from(channels).unwrap();
            let mut own = TruePeak::new(rate, channels);
            for part in samples.chunks(usize::from(channels) * 1_001) {
                own.push(part);
            }
            let found = f64::from(own.peak());
            assert!((found / wanted - 1.0).abs() < 1e-5, "{found} {wanted}");
        }
    }

    #[test]
    fn nothing_has_no_peak() {
        let mut silent = TruePeak::new(44_100, 2);
        silent.push(&[]);
        silent.push(&[0.0; 8]);
        assert_eq!(silent.peak(), 0.0);
    }
}
