//! Plays sound a little faster or slower at the same pitch, so that a track's beats can meet a fixed cut.
//!
//! Waveform similarity overlap-add (Verhelst and Roelands, "An overlap-add technique based on waveform similarity
//! (WSOLA) for high quality time-scale modification of speech", ICASSP 1993): the source plays unchanged, and every 25
//! ms it may crossfade to a position a few milliseconds away that sounds alike. The position played is never more than
//! [`REACH`] from what the new speed demands, so beats fall where they are expected.

use crate::error::Result;
use crate::sound::CHANNELS;

/// Samples (a channel, at 48 kHz) of a step, over which one position crossfades into another: 25 ms.
const STEP: usize = 1_200;
/// Most samples between a position and the one that the speed demands: 10 ms, too little to hear on a beat.
const REACH: usize = 480;
/// Penalty on likeness at the end of [`REACH`]. Without it, sound would play on until a jump is forced, wherever that
/// is; with it, it jumps earlier, where the jump is inaudible.
const AWAY: f64 = 0.1;
/// Stride in samples of the first, coarse search for a position.
const COARSE: usize = 4;

/// Plays a source at another speed.
pub(super) struct TimeStretch {
    /// Seconds of source in a second of sound.
    speed: f64,
    /// Steps made so far.
    steps: u64,
    /// Samples (a channel) of the source that were dropped before `source`.
    before: usize,
    /// The part of the source that is still needed, interleaved.
    source: Vec<f32>,
    /// The position in the source at which the sound would continue without a jump.
    next: usize,
    /// Output that is not yet taken, interleaved.
    made: Vec<f32>,
    /// Samples of `made` that are already taken.
    taken: usize,
}

impl TimeStretch {
    /// `speed` is 0.5..2.
    pub fn new(speed: f64) -> Self {
        Self {
            speed,
            steps: 0,
            before: 0,
            source: Vec::new(),
            next: 0,
            made: Vec::new(),
            taken: 0,
        }
    }

    /// The next `count` samples (a channel), interleaved. `more` reads as many samples (a channel) of the source as it
    /// is asked for, interleaved, and silence after its end.
    pub fn take(
        &mut self,
        count: usize,
        mut more: impl FnMut(usize) -> Result<Vec<f32>>,
    ) -> Result<Vec<f32>> {
        let wanted = count * CHANNELS;
        let mut out = Vec::with_capacity(wanted);
        while out.len() < wanted {
            if self.taken >= self.made.len() {
                self.step(&mut more)?;
            }
            let ready = self.made.get(self.taken..).unwrap_or_default();
            let part = ready.get(..wanted - out.len()).unwrap_or(ready);
            out.extend_from_slice(part);
            self.taken += part.len();
        }
        Ok(out)
    }

    /// Makes one step of sound.
    fn step(&mut self, more: &mut impl FnMut(usize) -> Result<Vec<f32>>) -> Result<()> {
        let wanted = (self.steps as f64 * STEP as f64 * self.speed).round() as usize;
        let first = wanted.saturating_sub(REACH);
        self.forget(first.min(self.next));
        let needed = wanted.max(self.next) + REACH + STEP;
        let known = self.before + self.source.len() / CHANNELS;
        if known < needed {
            self.source.extend(more(needed - known)?);
        }
        let place = if self.steps == 0 {
            0
        } else {
            self.place(first, wanted)
        };
        let pairs = self.sound(self.next).iter().zip(self.sound(place));
        self.made = pairs
            .enumerate()
            .map(|(number, (going, coming))| {
                let way = (number / CHANNELS) as f32 + 0.5;
                let share = 0.5 - 0.5 * (way / STEP as f32 * std::f32::consts::PI).cos();
                going + (coming - going) * share
            })
            .collect();
        self.taken = 0;
        self.next = place + STEP;
        self.steps += 1;
        Ok(())
    }

    /// One step of the source, beginning at `place`.
    fn sound(&self, place: usize) -> &[f32] {
        let from = place.saturating_sub(self.before) * CHANNELS;
        self.source
            .get(from..from + STEP * CHANNELS)
            .unwrap_or_default()
    }

    fn forget(&mut self, place: usize) {
        let gone = place.saturating_sub(self.before) * CHANNELS;
        self.source.drain(..gone.min(self.source.len()));
        self.before = self.before.max(place);
    }

    /// The position, from `first` to [`REACH`] after `wanted`, that best continues the sound and is not far from
    /// `wanted`.
    fn place(&self, first: usize, wanted: usize) -> usize {
        let last = wanted + REACH;
        let going = mono(self.sound(self.next));
        let from = first.saturating_sub(self.before) * CHANNELS;
        let until = (last + STEP - self.before.min(last)) * CHANNELS;
        let field = mono(self.source.get(from..until).unwrap_or_default());
        let worth = |offset: usize, like: f64| {
            let away = (first + offset).abs_diff(wanted) as f64 / REACH as f64;
            like - AWAY * away * away
        };
        let (rough, rough_field) = (coarse(&going), coarse(&field));
        let best = rough_field
            .windows(rough.len().max(1))
            .enumerate()
            .map(|(number, window)| {
                let offset = number * COARSE;
                (offset, worth(offset, likeness(&rough, window)))
            })
            .reduce(better);
        let near = best.map_or(0, |(offset, _)| offset);
        let natural = self.next.checked_sub(first);
        (near.saturating_sub(COARSE)..=near + COARSE)
            // The natural continuation is always a candidate, even between two coarse positions.
            .chain(natural)
            .filter_map(|offset| {
                let window = field.get(offset..offset + STEP)?;
                Some((offset, worth(offset, likeness(&going, window))))
            })
            .reduce(better)
            .map_or(wanted, |(offset, _)| first + offset)
    }
}

/// The candidate with the higher value; the first on a tie.
fn better(a: (usize, f64), b: (usize, f64)) -> (usize, f64) {
    if b.1 > a.1 { b } else { a }
}

fn mono(interleaved: &[f32]) -> Vec<f32> {
    interleaved
        .chunks_exact(CHANNELS)
        .map(|sample| sample.iter().sum())
        .collect()
}

fn coarse(samples: &[f32]) -> Vec<f32> {
    samples
        .chunks_exact(COARSE)
        .map(|part| part.iter().sum())
        .collect()
}

/// The cosine similarity of two pieces of sound, -1..1; 1 where both are silent.
fn likeness(a: &[f32], b: &[f32]) -> f64 {
    let (mut product, mut first, mut second) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (a, b) in a.iter().zip(b) {
        product += a * b;
        first += a * a;
        second += b * b;
    }
    let lengths = (f64::from(first) * f64::from(second)).sqrt();
    if lengths > 0.0 {
        f64::from(product) / lengths
    } else if first == second {
        1.0
    } else {
        0.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const RATE: usize = 48_000;

    /// `seconds` of `sound` (a function of the sample number) at another speed, one channel, taken in blocks of odd
    /// sizes.
    fn played(speed: f64, seconds: f64, sound: impl Fn(usize) -> f32) -> Vec<f32> {
        let mut stretch = TimeStretch::new(speed);
        let (mut given, mut heard) = (0, Vec::new());
        let count = (seconds * RATE as f64) as usize;
        while heard.len() < count {
            let part = 777.min(count - heard.len());
            let block = stretch.take(part, |count| {
                let block = (given..given + count).flat_map(|at| [sound(at), -sound(at) / 2.0]);
                given += count;
                Ok(block.collect())
            });
            let block = block.unwrap();
            assert_eq!(block.len(), part * CHANNELS);
            heard.extend(block.chunks_exact(CHANNELS).map(|sample| {
                assert!(
                    (sample[1] + sample[0] / 2.0).abs() < 1e-6,
                    "the channels stay together"
                );
                sample[0]
            }));
        }
        let reach = (count as f64 * speed) as usize + 2 * (REACH + STEP);
        assert!(
            given <= reach,
            "no more of the source is read than is needed"
        );
        heard
    }

    fn tone(hertz: f64) -> impl Fn(usize) -> f32 {
        move |at| (at as f64 / RATE as f64 * hertz * std::f64::consts::TAU).sin() as f32 * 0.5
    }

    #[test]
    fn at_its_own_speed_nothing_changes() {
        let sound = tone(313.7);
        let heard = played(1.0, 2.0, &sound);
        assert!(
            heard
                .iter()
                .enumerate()
                .all(|(at, sample)| *sample == sound(at))
        );
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_its_strength() {
        for (speed, hertz) in [(0.96, 440.0), (1.04, 440.0), (1.015, 97.0), (0.985, 3001.0)] {
            let heard = played(speed, 4.0, tone(hertz));
            let crossings = heard
                .windows(2)
                .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
                .count();
            let told = crossings as f64 / 4.0;
            assert!(
                (told / hertz - 1.0).abs() < 0.004,
                "{hertz} Hz at {speed}: {told}"
            );
            let level =
                |part: &[f32]| (part.iter().map(|s| s * s).sum::<f32>() / part.len() as f32).sqrt();
            for part in heard.chunks_exact(RATE / 10) {
                let change = 20.0 * (level(part) / (0.5 / 2.0_f32.sqrt())).log10();
                assert!(change.abs() < 0.5, "{hertz} Hz at {speed}: {change} dB");
            }
        }
    }

    #[test]
    fn strokes_come_when_the_speed_wants_them_and_once_each() {
        // A decaying burst of noise every half second over a quiet chord.
        let mut state = 1_u32;
        let noise: Vec<f32> = (0..RATE)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect();
        let every = RATE / 2;
        let (low, high) = (tone(220.0), tone(331.0));
        let sound = |at: usize| {
            let since = at % every;
            let stroke = noise[since] * (-(since as f32) / 600.0).exp();
            stroke + 0.05 * (low(at) + high(at))
        };
        for speed in [0.96, 0.98, 1.02, 1.04] {
            let heard = played(speed, 8.0, sound);
            let mut strokes = Vec::new();
            let mut last = 0;
            for (at, sample) in heard.iter().enumerate() {
                if sample.abs() > 0.4 && (strokes.is_empty() || at > last + every / 4) {
                    strokes.push(at);
                }
                if sample.abs() > 0.4 {
                    last = at;
                }
            }
            let wanted = (heard.len() as f64 * speed / every as f64).ceil() as usize;
            assert_eq!(strokes.len(), wanted, "at {speed}");
            for (number, stroke) in strokes.iter().enumerate() {
                let place = number as f64 * every as f64 / speed;
                let away = (*stroke as f64 - place).abs() / RATE as f64;
                assert!(away < 0.011, "stroke {number} at {speed}: {away} s away");
            }
        }
    }

    #[test]
    fn silence_stays_silent() {
        assert!(
            played(1.03, 1.0, |_| 0.0)
                .iter()
                .all(|sample| *sample == 0.0)
        );
    }
}
