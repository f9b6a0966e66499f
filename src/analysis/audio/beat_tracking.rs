//! Beats from activations: the most likely nearly regular grid through them.
//!
//! The state space is the bar pointer of Krebs, Böck and Widmer, "An Efficient State-Space Model for Joint Tempo and
//! Meter Tracking" (ISMIR 2015): a state is a beat period and a position in it, and the period may change only where a
//! beat begins. Two things differ. Within a beat a path has no choice, so the search steps from beat to beat (a
//! semi-Markov chain), which is cheaper than stepping from frame to frame. And a beat scores the log odds of the
//! activation at it, relative to [`NEUTRAL`], whatever its period; in the original each frame between beats counts too,
//! which favors slow readings where off-beats are strong and fast ones where they are weak.

use crate::models::BeatActivation;

/// Activation frames a second.
pub(super) const FRAME_RATE: f64 = 50.0;
/// Search steps per activation frame: 20 ms are too coarse for periods of 300 ms.
const STEPS: usize = 2;
/// Slowest and fastest tempo considered, in beats a minute.
const SLOWEST: f64 = 40.0;
const FASTEST: f64 = 220.0;
/// The activation at which a beat scores 0.
const NEUTRAL: f64 = 0.3;
/// Activations are clamped to this distance from 0 and 1, so that one missing beat cannot outweigh all others.
const FLOOR: f64 = 0.05;
/// A change of period multiplies the likelihood by `exp(-STIFFNESS × relative change)`.
const STIFFNESS: f64 = 100.0;
/// Changes of up to this many steps are free, because true periods lie between steps.
const SLACK: f64 = 0.5;
/// Cost, in log odds, of a beat whose tempo is an octave away from the most common one; grows with the square of the
/// distance.
const TEMPO_COST: f64 = 0.05;
/// The most common tempo, in beats a minute.
const COMMON_TEMPO: f64 = 120.0;
/// Where the tempo is known, beats may differ from it by this share.
const NEAR: f64 = 0.04;
/// The search begins with the first and ends with the last frame whose activation reaches this.
const GATE: f32 = 0.05;
/// Frames searched at once: ten minutes, which bounds the memory of the search.
const PIECE: usize = 30_000;
/// Frames that consecutive pieces share: half a minute.
const OVERLAP: usize = 1_500;
/// Beats of two overlapping pieces this close are the same, in seconds.
const SAME: f64 = 0.05;

/// One beat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beat {
    /// Seconds from the first activation frame.
    pub time: f64,
    /// Activation of a beat that is not a downbeat, at its peak, 0..1.
    pub beat: f32,
    /// Activation of a downbeat, at its peak, 0..1.
    pub downbeat: f32,
}

impl Beat {
    /// Activation of any beat here, 0..1.
    pub fn strength(&self) -> f64 {
        f64::from((self.beat + self.downbeat).min(1.0))
    }
}

/// The best beats through `activations`, in order; near `tempo` where it is known.
pub(super) fn decode(activations: &[BeatActivation], tempo: Option<f64>) -> Vec<Beat> {
    let sums: Vec<f32> = activations
        .iter()
        .map(|frame| frame.beat + frame.downbeat)
        .collect();
    let chain = Chain::new(tempo);
    let mut times: Vec<f64> = Vec::new();
    let mut start = 0;
    while start < sums.len() {
        let end = (start + PIECE).min(sums.len());
        // The piece before has already covered a last one that is all overlap.
        if start > 0 && end - start <= OVERLAP {
            break;
        }
        let offset = start as f64 / FRAME_RATE;
        let piece: Vec<f64> = search(&chain, &sums[start..end])
            .iter()
            .map(|time| time + offset)
            .collect();
        join(&mut times, &piece, offset, OVERLAP as f64 / FRAME_RATE);
        start += PIECE - OVERLAP;
    }
    times
        .iter()
        .map(|&time| {
            let peak = |value: fn(&BeatActivation) -> f32| {
                around(time, activations)
                    .iter()
                    .map(value)
                    .fold(0.0, f32::max)
            };
            Beat {
                time: refined(time, &sums),
                beat: peak(|frame| frame.beat),
                downbeat: peak(|frame| frame.downbeat),
            }
        })
        .collect()
}

/// The frame nearest to `time` and its neighbors.
pub(super) fn around<T>(time: f64, frames: &[T]) -> &[T] {
    let frame = ((time * FRAME_RATE).round().max(0.0) as usize).min(frames.len());
    &frames[frame.saturating_sub(1).min(frames.len())..(frame + 2).min(frames.len())]
}

/// Appends a piece that begins at `start` and shares `overlap` seconds with the beats so far. The seam is at the beat
/// of both that is nearest to the middle of the overlap, or in its middle if they share none.
fn join(times: &mut Vec<f64>, piece: &[f64], start: f64, overlap: f64) {
    if times.is_empty() {
        times.extend_from_slice(piece);
        return;
    }
    let middle = start + overlap / 2.0;
    let cut = times
        .iter()
        .copied()
        .filter(|time| *time >= start && piece.iter().any(|other| (other - time).abs() <= SAME))
        .min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()))
        .unwrap_or(middle);
    times.retain(|time| *time <= cut);
    let last = times.last().copied().unwrap_or(f64::NEG_INFINITY);
    times.extend(
        piece
            .iter()
            .filter(|time| **time > cut.max(last + 2.0 * SAME)),
    );
}

/// Moves `time` to the vertex of the parabola through the peak frame and its neighbors.
fn refined(time: f64, sums: &[f32]) -> f64 {
    let frame = (time * FRAME_RATE).round() as usize;
    let near = frame.saturating_sub(1)..(frame + 2).min(sums.len());
    let Some(peak) = near.reduce(|a, b| if sums[b] > sums[a] { b } else { a }) else {
        return time;
    };
    let at = |index: usize| f64::from(sums[index]);
    if peak == 0 || peak + 1 >= sums.len() {
        return peak as f64 / FRAME_RATE;
    }
    let (before, top, after) = (at(peak - 1), at(peak), at(peak + 1));
    let curve = before - 2.0 * top + after;
    let shift = if curve < 0.0 {
        (0.5 * (before - after) / curve).clamp(-0.5, 0.5)
    } else {
        0.0
    };
    (peak as f64 + shift) / FRAME_RATE
}

/// Beat times of the best path, not yet refined.
fn search(chain: &Chain, sums: &[f32]) -> Vec<f64> {
    let Some(first) = sums.iter().position(|&value| value >= GATE) else {
        return Vec::new();
    };
    let last = sums
        .iter()
        .rposition(|&value| value >= GATE)
        .unwrap_or(first);
    let gains = gains(&sums[first..=last]);
    chain
        .best_path(&gains)
        .into_iter()
        .map(|step| (first as f64 + step as f64 / STEPS as f64) / FRAME_RATE)
        .collect()
}

/// The score of a beat at each step: the mean log odds of the step and its neighbors, relative to [`NEUTRAL`].
fn gains(sums: &[f32]) -> Vec<f64> {
    let neutral = (NEUTRAL / (1.0 - NEUTRAL)).ln();
    let steps = sums.len() * STEPS;
    let odds: Vec<f64> = (0..steps)
        .map(|step| {
            let (frame, part) = (step / STEPS, (step % STEPS) as f64 / STEPS as f64);
            let here = f64::from(sums[frame]);
            let next = f64::from(sums[(frame + 1).min(sums.len() - 1)]);
            let value = (here + (next - here) * part).clamp(FLOOR, 1.0 - FLOOR);
            (value / (1.0 - value)).ln()
        })
        .collect();
    (0..steps)
        .map(|step| {
            let near = &odds[step.saturating_sub(1)..(step + 2).min(steps)];
            near.iter().sum::<f64>() / 3.0 - neutral
        })
        .collect()
}

/// Beat periods and the probabilities of passing from one to another.
struct Chain {
    /// Steps of the shortest period; each further one is a step longer.
    shortest: usize,
    /// Cost of a beat of each period, by its tempo.
    cost: Vec<f64>,
    /// For each period: the index of the first that may precede it, and the log probabilities of it and those after it.
    before: Vec<(usize, Vec<f64>)>,
}

/// Marks the first beat of a path.
const NONE: u8 = u8::MAX;

impl Chain {
    fn new(tempo: Option<f64>) -> Self {
        let rate = FRAME_RATE * STEPS as f64;
        let (slowest, fastest) = match tempo {
            Some(tempo) => (tempo * (1.0 - NEAR), tempo * (1.0 + NEAR)),
            None => (SLOWEST, FASTEST),
        };
        let shortest = (60.0 * rate / fastest).round() as usize;
        let longest = (60.0 * rate / slowest).round() as usize;
        let count = longest + 1 - shortest;
        let cost = (shortest..=longest)
            .map(|period| {
                let octaves = (60.0 * rate / period as f64 / COMMON_TEMPO).log2();
                TEMPO_COST * octaves * octaves
            })
            .collect();
        let weight = |from: usize, to: usize| {
            let (from, to) = ((shortest + from) as f64, (shortest + to) as f64);
            let weight = (-STIFFNESS * ((to - from).abs() - SLACK).max(0.0) / from).exp();
            if weight > 1e-6 { weight } else { 0.0 }
        };
        let totals: Vec<f64> = (0..count)
            .map(|from| (0..count).map(|to| weight(from, to)).sum())
            .collect();
        let before = (0..count)
            .map(|to| {
                let first = (0..=to).find(|&from| weight(from, to) > 0.0).unwrap_or(to);
                let log = (first..count)
                    .map(|from| weight(from, to) / totals[from])
                    .take_while(|&probability| probability > 0.0)
                    .map(f64::ln)
                    .collect();
                (first, log)
            })
            .collect();
        Self {
            shortest,
            cost,
            before,
        }
    }

    /// Steps at which the beats of the best path begin.
    fn best_path(&self, gains: &[f64]) -> Vec<usize> {
        let (steps, count) = (gains.len(), self.cost.len());
        let longest = self.shortest + count - 1;
        // `ended[step % ring][period]`: the best path whose last whole beat has that period and ends at that step.
        let ring = longest + 1;
        let mut ended = vec![f64::NEG_INFINITY; ring * count];
        let mut came_from = vec![NONE; steps * count];
        let mut best = (f64::NEG_INFINITY, 0, 0);
        for step in 0..steps {
            let row = (step % ring) * count;
            for period in 0..count {
                let length = self.shortest + period;
                // The sound may begin anywhere in a beat.
                let mut score = if step < length {
                    0.0
                } else {
                    f64::NEG_INFINITY
                };
                let mut from = NONE;
                let (first, log) = &self.before[period];
                let arrivals = &ended[row + first..row + first + log.len()];
                for (offset, (arrival, log)) in arrivals.iter().zip(log).enumerate() {
                    if arrival + log > score {
                        score = arrival + log;
                        from = (first + offset) as u8;
                    }
                }
                came_from[step * count + period] = from;
                let score = score + gains[step] - self.cost[period];
                if step + length >= steps {
                    if score > best.0 {
                        best = (score, step, period);
                    }
                } else {
                    ended[((step + length) % ring) * count + period] = score;
                }
            }
        }
        let (_, mut step, mut period) = best;
        let mut path = Vec::new();
        if best.0 == f64::NEG_INFINITY {
            return path;
        }
        loop {
            path.push(step);
            let from = came_from[step * count + period];
            if from == NONE {
                break;
            }
            period = usize::from(from);
            step -= self.shortest + period;
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::super::{downbeats, tempo};
    use super::*;

    struct Golden {
        activations: Vec<BeatActivation>,
        beats: Vec<f64>,
        downbeats: Vec<f64>,
        meter: usize,
        bpm: f64,
    }

    fn golden(name: &str) -> Golden {
        let path = format!(
            "{}/models/golden/cases/beatnet.{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let case: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let expected = &case["expected"];
        let numbers = |key: &str| -> Vec<f64> {
            let values = expected[key].as_array().unwrap();
            values.iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let activations = numbers("activation_beat")
            .iter()
            .zip(numbers("activation_downbeat"))
            .map(|(&beat, downbeat)| BeatActivation {
                beat: beat as f32,
                downbeat: downbeat as f32,
                ..BeatActivation::default()
            })
            .collect();
        Golden {
            activations,
            beats: numbers("beats_s"),
            downbeats: numbers("downbeats_s"),
            meter: expected["meter"].as_u64().unwrap() as usize,
            bpm: expected["bpm_from_median_gap"].as_f64().unwrap(),
        }
    }

    fn assert_close(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len(), "{found:?} {wanted:?}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() <= 0.02, "{found} {wanted}");
        }
    }

    #[test]
    fn golden_activations_give_the_golden_beats_bars_and_tempo() {
        for name in ["pop120", "waltz150"] {
            let golden = golden(name);
            let beats = decode(&golden.activations, None);
            let times: Vec<f64> = beats.iter().map(|beat| beat.time).collect();
            assert_close(&times, &golden.beats);
            // The golden bars are by the network alone.
            let odds: Vec<f64> = beats
                .iter()
                .map(|beat| {
                    let sure = |value: f32| f64::from(value.clamp(1e-4, 1.0)).ln();
                    sure(beat.downbeat) - sure(beat.beat)
                })
                .collect();
            let bars = downbeats::bars(&odds).unwrap();
            assert_eq!(bars.meter, golden.meter, "{name}");
            let starts: Vec<f64> = bars.starts.iter().map(|&index| times[index]).collect();
            assert_close(&starts, &golden.downbeats);
            let tempo = tempo::tempo(&beats, &golden.activations).unwrap();
            assert!((tempo.bpm / golden.bpm - 1.0).abs() < 0.005, "{tempo:?}");
            assert!(tempo.confidence > 0.6, "{tempo:?}");
        }
    }

    /// Activations with a beat every `60 / bpm` seconds.
    fn pulses(bpm: f64, seconds: f64) -> Vec<BeatActivation> {
        (0..(seconds * FRAME_RATE) as usize)
            .map(|frame| {
                let phase = frame as f64 / FRAME_RATE * bpm / 60.0;
                let distance = (phase - phase.round()).abs() * 60.0 / bpm;
                BeatActivation {
                    beat: (0.02 + 0.8 * (-(distance / 0.015).powi(2)).exp()) as f32,
                    downbeat: 0.01,
                    ..BeatActivation::default()
                }
            })
            .collect()
    }

    #[test]
    fn tempi_between_frames_are_met_and_a_missing_beat_is_bridged() {
        for bpm in [53.0, 97.3, 127.0, 174.0, 209.0] {
            let mut activations = pulses(bpm, 60.0);
            let gap = (20.0 * FRAME_RATE) as usize;
            for frame in &mut activations[gap..gap + (1.5 * 60.0 / bpm * FRAME_RATE) as usize] {
                *frame = BeatActivation::default();
            }
            let beats = decode(&activations, None);
            let tempo = tempo::tempo(&beats, &activations).unwrap();
            assert!((tempo.bpm / bpm - 1.0).abs() < 0.003, "{bpm} {tempo:?}");
            let wanted = (60.0 * bpm / 60.0) as usize;
            assert!(
                beats.len().abs_diff(wanted) <= 2,
                "{bpm} {} {wanted}",
                beats.len()
            );
        }
    }

    #[test]
    fn pieces_of_long_sound_join_without_a_seam() {
        let beats = decode(&pulses(125.0, 1900.0), None);
        for pair in beats.windows(2) {
            let interval = pair[1].time - pair[0].time;
            assert!(
                (interval - 0.48).abs() < 0.011,
                "{interval} at {}",
                pair[0].time
            );
        }
        assert!(
            beats.len().abs_diff(1900 * 125 / 60) <= 2,
            "{}",
            beats.len()
        );
    }

    #[test]
    fn silence_has_no_beats() {
        assert!(decode(&[], None).is_empty());
        assert!(decode(&[BeatActivation::default(); 500], None).is_empty());
        assert!(tempo::tempo(&[], &[]).is_none());
    }
}
