//! The sound of a plan, mixed block by block at 48 kHz stereo.
//!
//! Every segment begins at its exact sample and plays at its speed ([`TimeStretch`]). A source that ends early or
//! breaks off continues as silence. Edges are faded over 5 ms against clicks, except where a segment continues exactly
//! where another one of the same source stopped. A gain that jumps gets there as softly. What a segment says is cleaned
//! ([`SoundCleaner`]) is so before anything else.

use std::path::{Path, PathBuf};

use crate::edit::unrenderable;
use crate::edit::{Denoiser, Plan, SoundSegment};
use crate::error::{Error, Result};
use crate::media::{Channels, Limits, SoundReader, SoundRequest};
use crate::models::Models;
use crate::music::MOST_STRETCH;
use crate::render::cleaning::{RUN_IN, SoundCleaner};
use crate::render::stretch::TimeStretch;
use crate::sound::{CHANNELS, RATE};
use crate::time::Rational;

/// Samples (a channel) of one block: a tenth of a second.
const BLOCK: u64 = 4_800;
/// Samples of the fade at an edge: 5 ms is short enough to keep attacks and long enough not to click.
const DECLICK: i64 = 240;
/// Gain in dB at or below which a segment is silent.
const SILENT_DB: f64 = -90.0;

/// What the sound of a plan is made from.
#[derive(Clone, Copy)]
pub(super) struct SoundSources<'a> {
    /// Relative paths of sources start here.
    pub folder: &'a Path,
    pub limits: &'a Limits,
    /// Networks, for sound that is cleaned.
    pub models: Option<&'a Models>,
}

/// Mixes the sound of a plan from its first to its last sample.
pub(super) struct Mixer<'a> {
    parts: Vec<SoundPart<'a>>,
    position: u64,
    /// Samples of the whole mix, which is exactly as long as the picture.
    total: u64,
    sources: SoundSources<'a>,
}

/// One segment of sound.
struct SoundPart<'a> {
    path: PathBuf,
    denoiser: Denoiser,
    /// The part of the same source that it continues without a gap, whose player goes on with it.
    continued: Option<usize>,
    start: Rational,
    /// Seconds of the source in a second of the film.
    speed: f64,
    /// First sample in the mix; below 0 if it begins before the film.
    first: i64,
    /// One past its last sample in the mix.
    end: i64,
    gain: GainCurve,
    /// The gain of the sample before; `None` before the first.
    level: Option<f64>,
    /// Whether the edges are faded against clicks.
    fade_in: bool,
    fade_out: bool,
    player: Option<SourcePlayer<'a>>,
}

impl<'a> Mixer<'a> {
    /// Lays out the sound of `plan`; files are opened when they are first needed.
    pub fn new(plan: &Plan, sources: &SoundSources<'a>) -> Result<Self> {
        let total = sample_of(plan.duration());
        let mut segments: Vec<_> = plan.sound.iter().enumerate().collect();
        segments.sort_by_key(|(_, segment)| first_sample(segment));
        let before = |next: &SoundSegment| {
            let mut earlier = segments.iter();
            earlier.position(|(_, segment)| continues(segment, next))
        };
        let mut parts = Vec::with_capacity(segments.len());
        for (number, segment) in segments.iter().copied() {
            let length = segment.end_exact - segment.start_exact;
            if length <= Rational::ZERO || !segment.at.is_finite() {
                return Err(unrenderable(format!(
                    "sound[{number}] ends before it starts"
                )));
            }
            if !(1.0 - MOST_STRETCH..=1.0 + MOST_STRETCH).contains(&segment.speed) {
                return Err(unrenderable(format!(
                    "sound[{number}] has a speed of {}",
                    segment.speed
                )));
            }
            let first = first_sample(segment);
            let end = first.saturating_add(samples_of(segment)).min(total);
            parts.push(SoundPart {
                path: plan.source(&segment.source)?.path_from(sources.folder),
                denoiser: segment.clean.map_or(Denoiser::None, |clean| clean.denoise),
                continued: before(segment),
                start: segment.start_exact,
                speed: segment.speed,
                first,
                end,
                gain: GainCurve::new(&segment.gain),
                level: None,
                fade_in: before(segment).is_none(),
                fade_out: end == total || !plan.sound.iter().any(|other| continues(segment, other)),
                player: None,
            });
        }
        Ok(Self {
            parts,
            position: 0,
            total: u64::try_from(total).unwrap_or(0),
            sources: *sources,
        })
    }

    /// Lets a part that begins in the block at `begin` go on with the player of the part that it continues: what cleans
    /// its sound knows the noise already, and nothing steps.
    fn hand_over(&mut self, number: usize, begin: i64) {
        let Some(part) = self.parts.get(number) else {
            return;
        };
        let begins = (begin..begin + BLOCK as i64).contains(&part.first);
        if !begins || part.denoiser == Denoiser::None {
            return;
        }
        let before = part.continued.and_then(|before| self.parts.get_mut(before));
        let player = before.and_then(|before| before.player.take());
        if let Some(part) = self.parts.get_mut(number) {
            part.player = player;
        }
    }

    /// The next interleaved samples; `None` at the end.
    pub fn next_block(&mut self) -> Result<Option<Vec<f32>>> {
        let count = BLOCK.min(self.total - self.position);
        if count == 0 {
            return Ok(None);
        }
        let mut block = vec![0.0; count as usize * CHANNELS];
        let begin = self.position as i64;
        for number in 0..self.parts.len() {
            self.hand_over(number, begin);
            if let Some(part) = self.parts.get_mut(number) {
                part.mix_into(&mut block, begin, &self.sources)?;
            }
        }
        self.position += count;
        Ok(Some(block))
    }
}

impl<'a> SoundPart<'a> {
    fn mix_into(
        &mut self,
        block: &mut [f32],
        begin: i64,
        sources: &SoundSources<'a>,
    ) -> Result<()> {
        let count = (block.len() / CHANNELS) as i64;
        let from = self.first.max(begin);
        let to = self.end.min(begin + count);
        if from >= to {
            // The part that continues it may begin a sample late.
            if begin > self.end + 1 {
                self.player = None;
            }
            return Ok(());
        }
        let player = match &mut self.player {
            Some(player) => player,
            none => {
                // The part before the film's beginning is skipped in the source, too.
                let skipped = ((from - self.first) as f64 * self.speed).round() as i64;
                let skipped = Rational::new(skipped, i64::from(RATE));
                let start = self.start + skipped.unwrap_or(Rational::ZERO);
                let (path, speed) = (&self.path, self.speed);
                none.insert(SourcePlayer::open(
                    path,
                    start,
                    speed,
                    self.denoiser,
                    sources,
                )?)
            }
        };
        let samples = player.take((to - from) as usize)?;
        let length = self.end - self.first;
        let fade = DECLICK.min(length / 2).max(1);
        let offset = (from - begin) as usize * CHANNELS;
        for ((at, source), target) in (from..to)
            .zip(samples.chunks_exact(CHANNELS))
            .zip(block[offset..].chunks_exact_mut(CHANNELS))
        {
            let wanted = self.gain.at(at);
            let before = self.level.unwrap_or(wanted);
            // At most as fast as a fade; towards silence ever slower. Not `clamp`, which panics on gains beyond all number.
            let step = before.max(wanted) / DECLICK as f64;
            let level = wanted.max(before - step).min(before + step);
            self.level = Some(level);
            let mut gain = level;
            if self.fade_in && at - self.first < fade {
                gain *= raised_cosine(at - self.first, fade);
            }
            if self.fade_out && self.end - 1 - at < fade {
                gain *= raised_cosine(self.end - 1 - at, fade);
            }
            for (target, sample) in target.iter_mut().zip(source) {
                *target += (f64::from(*sample) * gain) as f32;
            }
        }
        Ok(())
    }
}

/// Whether `next` continues `before` without a gap, in the source and in the film.
fn continues(before: &SoundSegment, next: &SoundSegment) -> bool {
    before.source == next.source
        && before.speed == next.speed
        && before.clean == next.clean
        && (sample_of(next.start_exact) - sample_of(before.end_exact)).abs() <= 1
        && (first_sample(next) - first_sample(before) - samples_of(before)).abs() <= 1
}

/// The sample that a segment begins at in the film.
fn first_sample(segment: &SoundSegment) -> i64 {
    (segment.at * f64::from(RATE)).round() as i64
}

/// The length of a segment in the film, in samples.
fn samples_of(segment: &SoundSegment) -> i64 {
    let length = segment.end_exact - segment.start_exact;
    if segment.speed == 1.0 {
        return sample_of(length);
    }
    (segment.length() * f64::from(RATE)).round() as i64
}

/// The sample nearest to `time`.
fn sample_of(time: Rational) -> i64 {
    (time * Rational::whole(i64::from(RATE))).round()
}

/// A smooth rise from 0 to 1 while `at` goes from 0 to `length`.
fn raised_cosine(at: i64, length: i64) -> f64 {
    let angle = (at as f64 + 0.5) / length as f64 * std::f64::consts::PI;
    0.5 - 0.5 * angle.cos()
}

/// A gain curve: linear in dB between points.
struct GainCurve {
    /// Sample in the film and dB, in the order of time.
    points: Vec<(f64, f64)>,
    /// Index of the last sample's interval, where the search for the next one starts.
    near: usize,
    /// The last dB value and its factor: most of a curve is level, and the power is costly.
    last: (f64, f64),
}

impl GainCurve {
    fn new(points: &[[f64; 2]]) -> Self {
        let mut points: Vec<_> = points
            .iter()
            .map(|[time, decibel]| (time * f64::from(RATE), *decibel))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            points,
            near: 0,
            last: (0.0, 1.0),
        }
    }

    /// The factor at a sample of the film. Samples must be asked for in order.
    fn at(&mut self, sample: i64) -> f64 {
        let sample = sample as f64;
        while self
            .points
            .get(self.near + 1)
            .is_some_and(|point| point.0 <= sample)
        {
            self.near += 1;
        }
        let decibel = match (self.points.get(self.near), self.points.get(self.near + 1)) {
            (Some(from), Some(to)) if sample > from.0 => {
                from.1 + (to.1 - from.1) * (sample - from.0) / (to.0 - from.0)
            }
            (Some(from), _) => from.1,
            (None, _) => 0.0,
        };
        if decibel != self.last.0 {
            let factor = if decibel <= SILENT_DB {
                0.0
            } else {
                10_f64.powf(decibel / 20.0)
            };
            self.last = (decibel, factor);
        }
        self.last.1
    }
}

/// A source being played.
struct SourcePlayer<'a> {
    reader: SoundReader,
    pending: Vec<f32>,
    /// Samples of `pending` that are already used.
    used: usize,
    /// Samples of silence before `pending`.
    silence: usize,
    /// The source's sample, at 48 kHz, at which the next block should begin.
    next: i64,
    ended: bool,
    /// Present where it does not play at its own speed.
    stretch: Option<TimeStretch>,
    /// Present where it is cleaned.
    cleaner: Option<SoundCleaner<'a>>,
}

impl<'a> SourcePlayer<'a> {
    fn open(
        path: &Path,
        start: Rational,
        speed: f64,
        denoiser: Denoiser,
        sources: &SoundSources<'a>,
    ) -> Result<Self> {
        let cleaner = SoundCleaner::new(denoiser, sources.models);
        let run_in = match &cleaner {
            Some(_) => sample_of(start).clamp(0, RUN_IN),
            None => 0,
        };
        let start = start - Rational::new(run_in, i64::from(RATE)).unwrap_or(Rational::ZERO);
        let request = SoundRequest {
            rate: Some(RATE),
            channels: Channels::Stereo,
        };
        let mut reader = SoundReader::open(path, sources.limits, request)?;
        if start > Rational::ZERO {
            reader.seek(start)?;
        }
        let mut player = Self {
            reader,
            pending: Vec::new(),
            used: 0,
            silence: 0,
            next: sample_of(start),
            ended: false,
            stretch: (speed != 1.0).then(|| TimeStretch::new(speed)),
            cleaner,
        };
        player.source(usize::try_from(run_in).unwrap_or(0))?;
        Ok(player)
    }

    /// The next `count` samples (a channel) at its speed, interleaved; silence where the source has none.
    fn take(&mut self, count: usize) -> Result<Vec<f32>> {
        let Some(mut stretch) = self.stretch.take() else {
            return self.source(count);
        };
        let samples = stretch.take(count, |count| self.source(count));
        self.stretch = Some(stretch);
        samples
    }

    /// The next `count` samples at the source's own speed, cleaned where that is asked for.
    fn source(&mut self, count: usize) -> Result<Vec<f32>> {
        let Some(mut cleaner) = self.cleaner.take() else {
            return self.plain(count);
        };
        let mut out = Vec::with_capacity(count * CHANNELS);
        cleaner.take(count * CHANNELS, &mut out);
        while out.len() < count * CHANNELS {
            cleaner.push(&self.plain(BLOCK as usize)?)?;
            cleaner.take(count * CHANNELS, &mut out);
        }
        self.cleaner = Some(cleaner);
        Ok(out)
    }

    /// The next `count` samples as they are in the source.
    fn plain(&mut self, count: usize) -> Result<Vec<f32>> {
        let mut out = Vec::with_capacity(count * CHANNELS);
        while out.len() < count * CHANNELS {
            let missing = count * CHANNELS - out.len();
            if self.silence > 0 {
                let wanted = missing.min(self.silence.saturating_mul(CHANNELS));
                out.resize(out.len() + wanted, 0.0);
                self.silence -= wanted / CHANNELS;
            } else if self.used < self.pending.len() {
                let wanted = missing.min(self.pending.len() - self.used);
                out.extend_from_slice(&self.pending[self.used..self.used + wanted]);
                self.used += wanted;
            } else if self.ended {
                out.resize(count * CHANNELS, 0.0);
            } else {
                self.refill()?;
            }
        }
        Ok(out)
    }

    fn refill(&mut self) -> Result<()> {
        self.pending.clear();
        self.used = 0;
        let block = match self.reader.next_block() {
            Ok(Some(block)) => block,
            // The part before a break is used.
            Ok(None) | Err(Error::BreaksOff { .. }) => {
                self.ended = true;
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let start = i64::try_from(block.start).unwrap_or(i64::MAX);
        let frames = block.frames() as i64;
        // A gap of one sample is rounding.
        let gap = start.saturating_sub(self.next);
        if gap < -1 {
            self.used = gap.saturating_neg().min(frames) as usize * CHANNELS;
        } else if gap > 1 {
            self.silence = usize::try_from(gap).unwrap_or(usize::MAX);
        }
        if gap.abs() > 1 {
            self.next = start;
        }
        self.next = self.next.saturating_add(frames);
        self.pending = block.samples;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::edit::SoundCleaning;
    use crate::edit::timeline_tests::{plan, ratio, segment};
    use proptest::prelude::*;

    fn sound(source: &str, start: Rational, end: Rational, at: f64) -> SoundSegment {
        SoundSegment {
            source: source.into(),
            start: start.seconds(),
            start_exact: start,
            end: end.seconds(),
            end_exact: end,
            at,
            speed: 1.0,
            gain: Vec::new(),
            clean: None,
            reasons: Vec::new(),
        }
    }

    #[test]
    fn gain_is_straight_in_decibel_and_stays_at_the_ends() {
        let mut gain = GainCurve::new(&[[2.0, -20.0], [1.0, 0.0], [2.0, -6.0], [3.0, -120.0]]);
        let mut decibel = |time: f64| 20.0 * gain.at((time * 48_000.0).round() as i64).log10();
        assert_eq!(decibel(0.0), 0.0);
        assert_eq!(decibel(1.0), 0.0);
        assert!((decibel(1.25) + 5.0).abs() < 1e-9);
        assert!((decibel(2.0) + 6.0).abs() < 1e-9, "a jump");
        assert!((decibel(2.5) + 63.0).abs() < 1e-9);
        assert_eq!(gain.at(9 * 48_000), 0.0);
        assert_eq!(GainCurve::new(&[]).at(77), 1.0);
    }

    #[test]
    fn a_segment_that_goes_on_is_known() {
        let first = sound("a", Rational::ONE, Rational::whole(2), 5.0);
        let second = sound("a", Rational::whole(2), Rational::whole(3), 6.0);
        assert!(continues(&first, &second));
        assert!(!continues(&second, &first));
        let later = sound("a", ratio(21, 10), Rational::whole(3), 6.0);
        assert!(!continues(&first, &later));
        let moved = sound("a", Rational::whole(2), Rational::whole(3), 6.1);
        assert!(!continues(&first, &moved));
    }

    /// Two seconds of a constant: every step in the mix is one that the mixer makes.
    fn constant(folder: &Path) -> PathBuf {
        let path = folder.join("constant.wav");
        let samples = vec![0x40_u8; 2 * RATE as usize * 2];
        let length = samples.len() as u32;
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + length).to_le_bytes());
        bytes.extend(b"WAVEfmt ");
        bytes.extend(16_u32.to_le_bytes());
        bytes.extend([1_u16, 1].map(u16::to_le_bytes).concat());
        bytes.extend([RATE, RATE * 2].map(u32::to_le_bytes).concat());
        bytes.extend([2_u16, 16].map(u16::to_le_bytes).concat());
        bytes.extend(b"data");
        bytes.extend(length.to_le_bytes());
        bytes.extend(samples);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn no_cut_and_no_gain_clicks(
            parts in prop::collection::vec((0..1500_i64, 20..500_i64, 0..1800_i64), 1..5),
            gains in prop::collection::vec((0..2000_i64, -60.0..6.0_f64), 0..6),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = constant(folder.path());
            let millis = |count: i64| ratio(count, 1000);
            let mut plan = plan(ratio(25, 1), vec![segment("a", Rational::ZERO, Rational::whole(2))]);
            plan.sources[0].path = path.to_string_lossy().into_owned();
            let jumps: Vec<[f64; 2]> = gains
                .iter()
                .flat_map(|(at, gain)| [[millis(*at).seconds(), -gain], [millis(*at).seconds(), *gain]])
                .collect();
            for (start, length, at) in &parts {
                let mut part = sound("a", millis(*start), millis(start + length), millis(*at).seconds());
                part.gain.clone_from(&jumps);
                plan.sound.push(part);
            }
            let limits = Limits::default();
            let sources = SoundSources { folder: folder.path(), limits: &limits, models: None };
            let mut mixer = Mixer::new(&plan, &sources).unwrap();
            let (mut before, mut count) = (0.0_f32, 0);
            // A raised cosine's steepest step, a jump's step, and every part may have both at once.
            let loudest = gains.iter().fold(0.0, |most, (_, gain)| f64::max(most, gain.abs()));
            let level = 0x4040 as f64 / 32_768.0 * 10_f64.powf(loudest / 20.0);
            let most = level * parts.len() as f64 * (std::f64::consts::FRAC_PI_2 + 1.0) / DECLICK as f64;
            while let Some(block) = mixer.next_block().unwrap() {
                for sample in block.iter().step_by(CHANNELS) {
                    let step = f64::from((sample - before).abs());
                    prop_assert!(step <= most + 1e-6, "{step} at {count}, at most {most}");
                    (before, count) = (*sample, count + 1);
                }
            }
            prop_assert_eq!(count, 2 * RATE);
        }
    }

    /// Three seconds of a tone that comes and goes over hiss.
    fn noisy(folder: &Path) -> PathBuf {
        let mut seed = 1_u32;
        let samples = (0..3 * RATE).map(|at| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let time = f64::from(at) / f64::from(RATE);
            let tone = (time * 150.0 * std::f64::consts::TAU).sin() * (time * 9.0).sin().max(0.0);
            (tone * 8_000.0 + f64::from(seed >> 16) / 40.0 - 800.0) as i16
        });
        let samples: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
        let path = constant(folder);
        let head = std::fs::read(&path).unwrap();
        let mut bytes = head[..40].to_vec();
        bytes.extend((samples.len() as u32).to_le_bytes());
        bytes.extend(samples);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn mix(folder: &Path, path: &Path, parts: &[(i64, i64)], denoise: Denoiser) -> Vec<f32> {
        let mut plan = plan(
            ratio(25, 1),
            vec![segment("a", Rational::ZERO, Rational::whole(2))],
        );
        plan.sources[0].path = path.to_string_lossy().into_owned();
        for (start, end) in parts {
            let at = ratio(start - parts[0].0, 1000).seconds();
            let mut part = sound("a", ratio(*start, 1000), ratio(*end, 1000), at);
            part.clean = SoundCleaning::with(denoise);
            plan.sound.push(part);
        }
        let limits = Limits::default();
        let sources = SoundSources {
            folder,
            limits: &limits,
            models: None,
        };
        let mut mixer = Mixer::new(&plan, &sources).unwrap();
        let mut mixed = Vec::new();
        while let Some(block) = mixer.next_block().unwrap() {
            mixed.extend(block);
        }
        mixed
    }

    #[test]
    fn cleaned_sound_goes_on_through_a_segment_that_continues_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = noisy(folder.path());
        let mix = |parts: &[(i64, i64)], denoise| mix(folder.path(), &path, parts, denoise);
        let whole = mix(&[(700, 2_700)], Denoiser::Rnnoise);
        assert_eq!(whole.len(), 2 * RATE as usize * CHANNELS);
        // In whatever order they stand, at the edge of a block and inside one.
        assert_eq!(
            mix(&[(700, 1_700), (1_700, 2_700)], Denoiser::Rnnoise),
            whole
        );
        assert_eq!(
            mix(&[(700, 1_733), (1_733, 2_700)], Denoiser::Rnnoise),
            whole
        );

        let untouched = mix(&[(700, 2_700)], Denoiser::None);
        let noise = |samples: &[f32]| -> f64 {
            // The tone is away around second 1.2 of the film.
            let quiet = &samples[(11 * RATE / 10) as usize * 2..(12 * RATE / 10) as usize * 2];
            quiet.iter().map(|sample| f64::from(*sample).powi(2)).sum()
        };
        let lower = 10.0 * (noise(&untouched) / noise(&whole)).log10();
        assert!(lower > 6.0, "{lower} dB");
    }

    #[test]
    fn the_fade_against_clicks_is_even_and_whole() {
        let rising: Vec<_> = (0..240).map(|at| raised_cosine(at, 240)).collect();
        assert!(rising[0] < 1e-3 && rising[239] > 0.999);
        assert!(rising.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((rising[100] + rising[139] - 1.0).abs() < 1e-12);
    }
}
