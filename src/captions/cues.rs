//! Captions of the cues of a file. Cues that follow the rules keep their lines and times, since a person set them;
//! others are put together again from their words.
//!
//! A run of cues that does not hold the rules by itself, such as one word that flashes by between two good cues, takes
//! in its neighbors.

use std::ops::Range;

use crate::captions::columns::columns;
use crate::captions::display_times::{close_gap, least_time};
use crate::captions::line_breaks::lines;
use crate::captions::rules::{CaptionRules, MOST_LINES};
use crate::captions::tokens::tokens;
use crate::captions::{Caption, CaptionWord, Cue, caption_words};
use crate::time::rounded;

/// Slack of times in seconds: files have milliseconds.
const SLACK: f64 = 0.0015;
/// Cues further than this many seconds from a run have nothing to do with it.
const NEAR: f64 = 1.0;
/// Times that a run takes in its neighbors.
const MOST_GROWTH: usize = 4;

/// Captions of `cues`, which are in order, up to second `end`. Cues that begin later are left out.
pub fn caption_cues(cues: &[Cue], end: f64, rules: &CaptionRules) -> Vec<Caption> {
    let within = cues.partition_point(|cue| cue.start < end);
    let cues: Vec<Cue> = cues
        .get(..within)
        .unwrap_or_default()
        .iter()
        .map(|cue| cut_to(cue, end))
        .collect();
    let kept: Vec<Option<Caption>> = cues.iter().map(|cue| as_it_stands(cue, rules)).collect();
    let mut captions: Vec<Caption> = Vec::with_capacity(cues.len());
    let mut next = 0;
    while next < cues.len() {
        if let Some(Some(caption)) = kept.get(next) {
            captions.push(caption.clone());
            next += 1;
            continue;
        }
        let others = kept.iter().skip(next).take_while(|cue| cue.is_none());
        let run = next..next + others.count().max(1);
        let work = Run {
            cues: &cues,
            captions: &mut captions,
            end,
            rules,
        };
        next = work.put_together(run);
    }
    close_gaps(&mut captions, rules);
    captions
}

fn cut_to(cue: &Cue, end: f64) -> Cue {
    let mut cue = cue.clone();
    cue.end = cue.end.min(end);
    for word in &mut cue.words {
        word.end = word.end.min(end);
        word.start = word.start.min(word.end);
    }
    cue
}

/// The caption of a cue that follows the rules as it is; its lines are broken anew only where they are too long.
fn as_it_stands(cue: &Cue, rules: &CaptionRules) -> Option<Caption> {
    let lasts = cue.end - cue.start;
    if cue.words.is_empty() || cue.words.len() > rules.most_words {
        return None;
    }
    let fits = |lines: &[String]| {
        lines.len() <= MOST_LINES && lines.iter().all(|line| columns(line) <= rules.line_columns)
    };
    let mut text = cue.lines.clone();
    if !fits(&text) {
        text = lines(&tokens(&cue.words, rules.line_columns), rules.line_columns);
    }
    let wide = text.iter().map(|line| columns(line)).sum();
    let readable = lasts + SLACK >= least_time(wide, rules) && lasts <= rules.longest + SLACK;
    (fits(&text) && readable).then(|| Caption {
        text: text.join("\n"),
        start: rounded(cue.start),
        end: rounded(cue.end),
        style: None,
        words: cue.words.clone(),
        place: None,
        align: None,
    })
}

/// Cues that are put together again.
struct Run<'a> {
    cues: &'a [Cue],
    /// The captions before.
    captions: &'a mut Vec<Caption>,
    end: f64,
    rules: &'a CaptionRules,
}

impl Run<'_> {
    /// Adds the captions of the cues of `run`, and gives the index after the last cue that was used.
    fn put_together(self, mut run: Range<usize>) -> usize {
        let mut before = self.captions.len();
        for growth in 0..=MOST_GROWTH {
            let kept_until = before.checked_sub(1).and_then(|at| self.captions.get(at));
            let from = kept_until.map_or(0.0, |caption| caption.end);
            let to = self.cues.get(run.end).map_or(self.end, |cue| cue.start);
            // Captions before the run that it takes in give it their words, which may be of more than one cue.
            let taken = self.captions.get(before..).unwrap_or_default();
            let mut words: Vec<CaptionWord> = taken
                .iter()
                .flat_map(|caption| caption.words.clone())
                .collect();
            let cues = self.cues.get(run.clone()).unwrap_or_default();
            words.extend(cues.iter().flat_map(|cue| cue.words.clone()));
            let made = caption_words(&words, from, to, self.rules);
            let good = made.iter().all(|caption| is_readable(caption, self.rules));
            let near_before = kept_until.is_some_and(|caption| {
                words
                    .first()
                    .is_some_and(|word| word.start - caption.end < NEAR)
            });
            let near_after =
                words.last().is_some_and(|word| to - word.end < NEAR) && run.end < self.cues.len();
            if good || growth == MOST_GROWTH || !(near_before || near_after) {
                self.captions.truncate(before);
                self.captions.extend(made);
                break;
            }
            before -= usize::from(near_before);
            run.end += usize::from(near_after);
        }
        run.end
    }
}

fn is_readable(caption: &Caption, rules: &CaptionRules) -> bool {
    let lasts = caption.end - caption.start;
    let wide = caption.text.lines().map(columns).sum();
    lasts + SLACK >= least_time(wide, rules) && lasts <= rules.longest + SLACK
}

fn close_gaps(captions: &mut [Caption], rules: &CaptionRules) {
    let starts: Vec<f64> = captions
        .iter()
        .skip(1)
        .map(|caption| caption.start)
        .collect();
    for (caption, next) in captions.iter_mut().zip(starts) {
        caption.end = rounded(close_gap(caption.end, next, caption.start, rules));
    }
}
