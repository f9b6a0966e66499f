//! Whisper tiny.en: transcribes half a minute of English speech (Radford et al., "Robust Speech Recognition via
//! Large-Scale Weak Supervision", 2022).

use std::sync::LazyLock;

use tokenizers::Tokenizer;

use crate::error::{Error, Result};
use crate::models::Models;
use crate::models::session::{NetworkInput, TensorValues};
use crate::models::sound_rates::VOICE_RATE;
use crate::models::spectrum::{FilterBank, Spectrum, hann};
use crate::models::word_alignment::{TimedWord, first_frames, smoothed};

const ENCODER: &str = "whisper-tiny-en-encoder";
const DECODER: &str = "whisper-tiny-en-decoder";
const TOKENIZER: &str = "whisper-tiny-en-tokenizer.json";

/// Samples (mono, 16 kHz) that the network takes at a time: 30 seconds.
pub const SPEECH_WINDOW: usize = 30 * VOICE_RATE as usize;
/// Samples of a frame: 25 ms.
const FRAME: usize = 400;
/// Samples from one frame to the next: 10 ms.
const HOP: usize = 160;
const BINS: usize = FRAME / 2 + 1;
/// Filters of the mel bank.
const MELS: usize = 80;
const FRAMES: usize = SPEECH_WINDOW / HOP;

/// Shape of the decoder's cache of keys and values.
const LAYERS: usize = 4;
const HEADS: usize = 6;
const HEAD_SIZE: usize = 64;
/// Frames of 20 ms that the decoder attends to.
const HEARD: usize = FRAMES / 2;
/// Attention heads that follow the words (those that OpenAI names for this network).
const ALIGNMENT_HEADS: usize = 8;
/// Size of the vocabulary.
const TOKENS: usize = 51_864;
/// "Start of transcript" and "no time stamps", which every text begins with.
const PROMPT: [i64; 2] = [50_257, 50_362];
/// "End of text".
const END: usize = 50_256;
/// Longest text of a window, in tokens.
const LONGEST: usize = 200;

/// 80 Slaney mels from 0 to 8000 Hz, area-normalized, as librosa makes them.
static BANK: LazyLock<FilterBank> = LazyLock::new(|| {
    const LINEAR: f64 = 200.0 / 3.0;
    let step = 6.4_f64.ln() / 27.0;
    let hertz = |mel: f64| match mel < 15.0 {
        true => mel * LINEAR,
        false => 1000.0 * ((mel - 15.0) * step).exp(),
    };
    let top = 15.0 + 8.0_f64.ln() / step;
    let edge = |at: usize| hertz(top * at as f64 / (MELS + 1) as f64);
    FilterBank::dense(MELS, BINS, |filter, bin| {
        let (low, middle, high) = (edge(filter), edge(filter + 1), edge(filter + 2));
        let hertz = bin as f64 * f64::from(VOICE_RATE) / FRAME as f64;
        let up = (hertz - low) / (middle - low);
        let down = (high - hertz) / (high - middle);
        up.min(down).max(0.0) * 2.0 / (high - low)
    })
});

/// How the next token is chosen from its probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TokenSampler {
    /// The most likely one.
    Best,
    /// Sampled at a temperature; reproducible by its seed.
    Drawn {
        /// Above 0, up to 1: lower values prefer likely tokens, 1 uses the probabilities as they are.
        temperature: f32,
        /// Seed of the random numbers.
        seed: u64,
    },
}

/// The text of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeechText {
    /// Vocabulary ids, without the end.
    pub tokens: Vec<u32>,
    /// Mean natural logarithm of the probability of each token and of the end.
    pub mean_log_probability: f64,
    /// Words with times from the start of the window.
    pub words: Vec<TimedWord>,
}

/// Keys and values of the decoder's self-attention.
struct DecoderCache {
    keys: Vec<f32>,
    values: Vec<f32>,
    length: usize,
}

impl Models {
    /// Transcribes `samples` (mono, 16 kHz) as English. Samples beyond [`SPEECH_WINDOW`] are cut off.
    pub fn transcribe(&self, samples: &[f32], sampler: TokenSampler) -> Result<SpeechText> {
        let samples = &samples[..samples.len().min(SPEECH_WINDOW)];
        let [cross_keys, cross_values] = self.hear(samples)?;
        let (suppressed, suppressed_at_start) = self.suppressed()?;
        let mut cache = DecoderCache {
            keys: Vec::new(),
            values: Vec::new(),
            length: 0,
        };
        let mut draw = Draw::new(sampler);
        let mut feed = PROMPT.to_vec();
        let mut tokens: Vec<u32> = Vec::new();
        let mut log_probabilities: Vec<f64> = Vec::new();
        // For each head, one row of attention for each token fed.
        let mut attention: Vec<Vec<f32>> = vec![Vec::new(); ALIGNMENT_HEADS];
        loop {
            let [mut scores, rows] = self.step(&feed, &mut cache, &cross_keys, &cross_values)?;
            for (head, rows) in attention
                .iter_mut()
                .zip(rows.chunks_exact(feed.len() * HEARD))
            {
                head.extend_from_slice(rows);
            }
            let mut scores = scores.split_off((feed.len() - 1) * TOKENS);
            for &token in suppressed.iter().filter(|token| **token != END) {
                if let Some(score) = scores.get_mut(token) {
                    *score = f32::NEG_INFINITY;
                }
            }
            scores[END + 1..].fill(f32::NEG_INFINITY);
            if tokens.is_empty() {
                for &token in suppressed_at_start {
                    if let Some(score) = scores.get_mut(token) {
                        *score = f32::NEG_INFINITY;
                    }
                }
            }
            let (token, log_probability) = draw.next(&scores);
            log_probabilities.push(log_probability);
            if token == END || tokens.len() >= LONGEST {
                break;
            }
            tokens.push(token as u32);
            feed = vec![token as i64];
        }
        let mean = log_probabilities.iter().sum::<f64>() / log_probabilities.len().max(1) as f64;
        Ok(SpeechText {
            words: self.words(&tokens, &attention, samples.len(), &log_probabilities)?,
            tokens,
            mean_log_probability: mean,
        })
    }

    fn hear(&self, samples: &[f32]) -> Result<[Vec<f32>; 2]> {
        let shape = [1, MELS, FRAMES];
        let size = LAYERS * HEADS * HEARD * HEAD_SIZE;
        self.run(
            ENCODER,
            &[NetworkInput::floats("mel", &shape, &log_mels(samples))],
            [("cross_k", size), ("cross_v", size)],
        )
    }

    /// Scores for the token after each of `feed`, and the attention of the alignment heads.
    fn step(
        &self,
        feed: &[i64],
        cache: &mut DecoderCache,
        cross_keys: &[f32],
        cross_values: &[f32],
    ) -> Result<[Vec<f32>; 2]> {
        let (count, past) = (feed.len(), cache.length);
        let length = past + count;
        let mask: Vec<f32> = (0..count)
            .flat_map(|row| {
                (0..length).map(move |column| if column > past + row { -1e9 } else { 0.0 })
            })
            .collect();
        let own = [LAYERS, 1, HEADS, past, HEAD_SIZE];
        let cross = [LAYERS, 1, HEADS, HEARD, HEAD_SIZE];
        let grown = LAYERS * HEADS * length * HEAD_SIZE;
        let [scores, keys, values, rows] = self.run(
            DECODER,
            &[
                NetworkInput {
                    name: "tokens",
                    shape: &[1, count],
                    values: TensorValues::Integer(feed),
                },
                NetworkInput::floats("mask", &[count, length], &mask),
                NetworkInput::floats("self_k", &own, &cache.keys),
                NetworkInput::floats("self_v", &own, &cache.values),
                NetworkInput::floats("cross_k", &cross, cross_keys),
                NetworkInput::floats("cross_v", &cross, cross_values),
            ],
            [
                ("logits", count * TOKENS),
                ("new_k", grown),
                ("new_v", grown),
                ("align", ALIGNMENT_HEADS * count * HEARD),
            ],
        )?;
        *cache = DecoderCache {
            keys,
            values,
            length,
        };
        Ok([scores, rows])
    }

    /// The tokens that are never chosen, and those that cannot begin a text.
    fn suppressed(&self) -> Result<(&[usize], &[usize])> {
        let entry = self.manifest().find(DECODER)?;
        Ok((&entry.suppress_ids, &entry.suppress_ids_at_start))
    }

    fn speech_tokenizer(&self) -> Result<&Tokenizer> {
        if let Some(tokenizer) = self.speech_tokenizer.get() {
            return Ok(tokenizer);
        }
        let tokenizer = Tokenizer::from_bytes(self.read(TOKENIZER)?).map_err(failed)?;
        Ok(self.speech_tokenizer.get_or_init(|| tokenizer))
    }

    /// The words of `tokens`, each with its time and the mean probability of its tokens.
    fn words(
        &self,
        tokens: &[u32],
        attention: &[Vec<f32>],
        samples: usize,
        log_probabilities: &[f64],
    ) -> Result<Vec<TimedWord>> {
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        // The row of each token predicts the next one, so rows run from the last of the prompt to the last token, which
        // predicts the end.
        let rows = tokens.len() + 1;
        let frames = samples.div_ceil(2 * HOP).clamp(1, HEARD);
        let heads = attention.iter().map(|head| {
            let from = head.get(HEARD..).unwrap_or_default();
            from.chunks_exact(HEARD)
                .take(rows)
                .map(move |row| &row[..frames])
        });
        let starts = first_frames(&smoothed(heads, rows, frames), rows, frames);
        let tokenizer = self.speech_tokenizer()?;
        let mut words: Vec<TimedWord> = Vec::new();
        let mut group = 0..0;
        for at in 0..tokens.len() {
            let piece = tokenizer.decode(&tokens[at..=at], false).map_err(failed)?;
            if piece.starts_with(' ') && group.start < at {
                words.extend(self.word(
                    &tokens[group.clone()],
                    group.clone(),
                    &starts,
                    log_probabilities,
                )?);
                group = at..at;
            }
            group.end = at + 1;
        }
        words.extend(self.word(&tokens[group.clone()], group, &starts, log_probabilities)?);
        Ok(words)
    }

    fn word(
        &self,
        tokens: &[u32],
        place: std::ops::Range<usize>,
        starts: &[usize],
        log_probabilities: &[f64],
    ) -> Result<Option<TimedWord>> {
        // Decode whole words, since a character may take several tokens.
        let text = self
            .speech_tokenizer()?
            .decode(tokens, false)
            .map_err(failed)?;
        let text = text.trim();
        let (Some(&start), Some(&end)) = (starts.get(place.start), starts.get(place.end)) else {
            return Ok(None);
        };
        let sure = log_probabilities.get(place).unwrap_or_default();
        let mean = sure.iter().sum::<f64>() / sure.len().max(1) as f64;
        Ok((!text.is_empty()).then(|| TimedWord {
            text: text.to_owned(),
            start_frame: start,
            end_frame: end.max(start),
            confidence: mean.exp().clamp(0.0, 1.0),
        }))
    }
}

fn failed(error: impl ToString) -> Error {
    Error::Inference {
        model: DECODER.to_string(),
        what: error.to_string(),
    }
}

/// Chooses tokens, with the state of the random numbers.
struct Draw {
    temperature: f32,
    state: u64,
}

impl Draw {
    fn new(sampler: TokenSampler) -> Self {
        match sampler {
            TokenSampler::Best => Self {
                temperature: 0.0,
                state: 0,
            },
            TokenSampler::Drawn { temperature, seed } => Self {
                temperature: temperature.clamp(0.0, 1.0),
                state: seed,
            },
        }
    }

    /// A token and the logarithm of its probability at temperature 1.
    fn next(&mut self, scores: &[f32]) -> (usize, f64) {
        let (best, most) =
            scores
                .iter()
                .enumerate()
                .fold((END, f32::NEG_INFINITY), |best, (at, &score)| {
                    if score > best.1 { (at, score) } else { best }
                });
        let weight = |score: f32, temperature: f64| (f64::from(score - most) / temperature).exp();
        let all: f64 = scores.iter().map(|&score| weight(score, 1.0)).sum();
        let token = if self.temperature > 0.0 {
            let temperature = f64::from(self.temperature);
            let sum: f64 = scores.iter().map(|&score| weight(score, temperature)).sum();
            let mut left = self.number() * sum;
            scores
                .iter()
                .position(|&score| {
                    left -= weight(score, temperature);
                    left < 0.0
                })
                .unwrap_or(best)
        } else {
            best
        };
        let score = scores.get(token).copied().unwrap_or(f32::NEG_INFINITY);
        (token, f64::from(score - most) - all.ln())
    }

    /// 0 ≤ number < 1, by SplitMix64 (Steele, Lea and Flood, 2014).
    fn number(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// `[80][3000]`: logarithmic mels of half a minute.
fn log_mels(samples: &[f32]) -> Vec<f32> {
    let sample = |at: i64| {
        // Samples are mirrored at both ends of the half minute.
        let last = SPEECH_WINDOW as i64 - 1;
        let at = at.abs();
        let at = if at > last { 2 * last - at } else { at };
        let found = usize::try_from(at).ok().and_then(|at| samples.get(at));
        found.map_or(0.0, |&sample| {
            if sample.abs() <= 1e6 {
                f64::from(sample)
            } else {
                0.0
            }
        })
    };
    let mut spectrum = Spectrum::new(hann(FRAME), FRAME);
    let mut frame = vec![0.0; FRAME];
    let mut mels = vec![0.0_f64; MELS * FRAMES];
    let mut most = f64::NEG_INFINITY;
    for at in 0..FRAMES {
        let start = (at * HOP) as i64 - (FRAME / 2) as i64;
        for (place, value) in (start..).zip(frame.iter_mut()) {
            *value = sample(place);
        }
        let power: Vec<f64> = spectrum.power(&frame).collect();
        for (mel, through) in BANK.through(&power).enumerate() {
            let value = through.max(1e-10).log10();
            most = most.max(value);
            mels[mel * FRAMES + at] = value;
        }
    }
    mels.iter()
        .map(|&value| ((value.max(most - 8.0) + 4.0) / 4.0) as f32)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["0920", "0930"] {
            let case = reference_cases::case(&format!("whisper-tiny-en.speech-{name}"));
            let samples = reference_cases::sound(&format!("speech-{name}_16k.flac"));
            reference_cases::compare(&case, "mel", &log_mels(&samples), 0.001, 0.001);
        }
    }

    #[test]
    fn draws_repeat_and_follow_the_probabilities() {
        let scores: Vec<f32> = [0.7_f32, 0.2, 0.1].iter().map(|share| share.ln()).collect();
        let sampler = TokenSampler::Drawn {
            temperature: 1.0,
            seed: 7,
        };
        let drawn = |count: usize| -> Vec<usize> {
            let mut draw = Draw::new(sampler);
            (0..count).map(|_| draw.next(&scores).0).collect()
        };
        let many = drawn(3000);
        assert_eq!(many, drawn(3000));
        let share = many.iter().filter(|token| **token == 0).count() as f64 / 3000.0;
        assert!((share - 0.7).abs() < 0.04, "{share}");
        let (best, log_probability) = Draw::new(TokenSampler::Best).next(&scores);
        assert_eq!(best, 0);
        assert!((log_probability - 0.7_f64.ln()).abs() < 1e-6);
    }
}
