//! Ducking: lowers the music under speech and fades it out at the end of the film.

use crate::analysis::Span;
use crate::edit::soundtrack::level::{JOIN, SILENCE};

/// Seconds before speech at which the music starts to fall.
const STEP_BACK: f64 = 0.25;
/// Seconds after speech over which it rises again; slower than it fell, so that nobody notices.
const COME_BACK: f64 = 0.6;
/// Pauses of speech shorter than this many seconds keep the music down: it would pump.
const PAUSE: f64 = 1.0;
/// Seconds of fade at the end of the film.
const LAST_FADE: f64 = 1.0;
/// The fade: shares of its time, and dB. About straight in amplitude, so that the last beat is still heard; straight in
/// dB, half of it would be silence.
const FADE: [(f64, f64); 4] = [(0.25, -2.5), (0.5, -6.0), (0.75, -12.0), (0.9, -20.0)];
/// Largest share of short music that a fade takes.
const FADE_SHARE: f64 = 0.25;

/// The level of a film's music over time.
pub(super) struct Ducking {
    /// Length of the music in seconds of the film.
    pub seconds: f64,
    /// Gain without speech, in dB.
    pub gain: f64,
    /// Gain under speech, in dB.
    pub ducked: f64,
    /// The track plays from its own beginning. Nothing is cut off that could click, so it needs no fade.
    pub from_its_start: bool,
    /// The track plays to its own end, which needs no fade either.
    pub to_its_end: bool,
}

impl Ducking {
    /// The gain under the speech `spoken`: `[second of the film, dB]`, linear between the points.
    pub fn gain_curve(&self, spoken: Vec<Span>) -> Vec<[f64; 2]> {
        let short = self.seconds * FADE_SHARE;
        let fade = if self.to_its_end { JOIN } else { LAST_FADE }.min(short);
        let mut points = if self.from_its_start {
            vec![[0.0, self.gain]]
        } else {
            vec![[0.0, SILENCE], [JOIN.min(short), self.gain]]
        };
        let until = self.seconds - fade;
        let mut level = self.gain;
        for span in without_pauses(spoken) {
            let down = (span.start - STEP_BACK).max(points.last().map_or(0.0, |point| point[0]));
            if down >= until {
                break;
            }
            points.push([down, self.gain]);
            points.push([span.start.clamp(down, until), self.ducked]);
            level = self.ducked;
            if span.end < until {
                points.push([span.end, self.ducked]);
                points.push([(span.end + COME_BACK).min(until), self.gain]);
                level = self.gain;
            }
        }
        points.push([until, level]);
        if !self.to_its_end {
            points.extend(FADE.map(|(share, gain)| [until + share * fade, level + gain]));
        }
        points.push([self.seconds, SILENCE]);
        points.dedup();
        points
    }
}

/// Spans in order, joined across short pauses.
fn without_pauses(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start - last.end < PAUSE => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::soundtrack::gain_curve::value_at;

    #[test]
    fn the_last_beat_is_heard_and_the_end_is_silent() {
        let ducking = |to_its_end| Ducking {
            seconds: 12.0,
            gain: -3.0,
            ducked: -15.0,
            from_its_start: false,
            to_its_end,
        };
        let curve = ducking(false).gain_curve(Vec::new());
        assert!(curve.is_sorted_by(|a, b| a[0] < b[0]), "{curve:?}");
        let after = |seconds: f64| value_at(&curve, 12.0 - seconds) + 3.0;
        assert_eq!((after(1.2), after(0.0)), (0.0, SILENCE + 3.0));
        assert!((after(0.5) + 6.0).abs() < 0.1, "{}", after(0.5));
        assert!((-21.0..-15.0).contains(&after(0.12)), "{}", after(0.12));
        let whole = ducking(true).gain_curve(Vec::new());
        assert_eq!(value_at(&whole, 11.5), -3.0, "{whole:?}");
    }
}
