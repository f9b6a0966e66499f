//! Verifies a film against its plan, from the finished file and the sources.
//!
//! The film is decoded once. Doubtful spots (a black run, a cut that does not stand out, a quiet mix) are compared with
//! frames and sound rendered from the sources, so that a black source or two similar pictures are no failure.

mod black_and_frozen;
mod cuts;
mod flash_watch;
mod flashes;
mod picture_scan;
mod sound_checks;
mod transitions;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::thread::ScopedJoinHandle;

use serde::Serialize;

use crate::compositor::FinishedFrame;
use crate::edit::Plan;
use crate::edit::Timeline;
use crate::error::{Error, Result};
use crate::media::{KnownFields, Limits};
use crate::models::Models;
use crate::picture::Rgb8;
use crate::render::film_frames::FilmFrames;
use crate::render::mixer::SoundSources;
use crate::render::plan_looks::PlanLooks;
use crate::render::sound_levels::SoundLevels;
use crate::render::verify::sound_checks::PlannedSound;
use crate::task::Task;
use crate::time::Rational;

/// Most segments whose picture is compared with the source, spread over the film: enough to find a wrong file, and
/// quick.
const COMPARED_SEGMENTS: usize = 8;
/// Correlation of brightness below which two pictures are not the same; with any look it stays far above.
const ALIKE: f64 = 0.7;
/// Standard deviation of brightness (0..255) below which a picture has no pattern to compare.
const FLAT: f64 = 3.0;

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyCheck {
    /// A stable word: `size`, `frame_rate`, `duration`, `cuts`, `transitions`, `beats`, `black`, `frozen`,
    /// `flashes`, `content`, `sound`, `loudness`, `true_peak`.
    pub name: String,
    /// Whether the film is as the plan says.
    pub passed: bool,
    /// The finding, in one sentence without a full stop.
    pub detail: String,
}

/// The results of all checks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyReport {
    /// In a fixed order. Checks that do not apply, such as the loudness of a silent film, are absent.
    pub checks: Vec<VerifyCheck>,
}

impl VerifyReport {
    /// Whether every check passed.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
    }

    fn add(&mut self, name: &str, passed: bool, detail: impl Into<String>) {
        self.checks.push(VerifyCheck {
            name: name.into(),
            passed,
            detail: detail.into(),
        });
    }
}

/// A film to verify.
pub struct VerifyRequest<'a> {
    /// What it is to be.
    pub plan: &'a Plan,
    /// Relative paths of the plan start here.
    pub folder: &'a Path,
    /// The finished film.
    pub film: &'a Path,
    /// Limits on it and on each source.
    pub limits: &'a Limits,
    /// Networks, for sound that is cleaned and backgrounds that are replaced.
    pub models: Option<&'a Models>,
    /// Progress and cancelling.
    pub task: &'a Task,
}

/// Compares a film with its plan.
///
/// Fails only if the film cannot be read or the plan cannot be rendered; everything else is a check.
pub fn verify(request: &VerifyRequest<'_>) -> Result<VerifyReport> {
    let (plan, folder, film) = (request.plan, request.folder, request.film);
    let (limits, task) = (request.limits, request.task);
    let sound = PlannedSound {
        sources: SoundSources {
            folder,
            limits,
            models: request.models,
        },
        task,
    };
    if plan.picture.is_empty() {
        return sound_checks::check_sound(plan, film, &sound);
    }
    let timeline = Timeline::new(plan)?;
    let compared = compared_frames(&timeline);
    let blended = transitions::middle_frames(&timeline);
    let mut kept = [compared.as_slice(), &blended].concat();
    kept.sort_unstable();
    kept.dedup();
    let mut expectation = Expectation {
        timeline: &timeline,
        looks: PlanLooks::none(&timeline),
        levels: SoundLevels::of(plan, &sound.sources, task)?,
        folder,
        models: request.models,
        limits,
        known: KnownFields::default(),
        made: BTreeMap::new(),
        task,
    };
    let (scan, made, heard) = std::thread::scope(|scope| {
        let listening = scope.spawn(|| sound_checks::check_sound(plan, film, &sound));
        let making = scope.spawn(|| expectation.made_beforehand(&compared, &blended));
        let scan = picture_scan::scan(film, &timeline, &kept, limits, task)?;
        Ok::<_, Error>((scan, joined(making)?, joined(listening)?))
    })?;
    expectation.made = made;
    task.progress(0.6);
    let mut report = VerifyReport { checks: Vec::new() };
    picture_scan::check_format(&timeline, &scan, &mut report);
    cuts::check_cuts(&timeline, &scan, &expectation, &mut report)?;
    transitions::check_transitions(&timeline, &scan, &expectation, &mut report)?;
    cuts::check_beats(&timeline, &mut report);
    task.progress(0.7);
    black_and_frozen::check_black(&timeline, &scan, &expectation, &mut report)?;
    black_and_frozen::check_frozen(&timeline, &scan, &expectation, &mut report)?;
    flashes::check_flashes(&timeline, &scan, &mut report);
    task.progress(0.8);
    check_content(&scan, &compared, &expectation, &mut report)?;
    report.checks.extend(heard.checks);
    task.progress(1.0);
    Ok(report)
}

/// Frames rendered from the plan at the small size of the scan. Looks are left out, since the checks do not depend on
/// colors.
struct Expectation<'a> {
    timeline: &'a Timeline<'a>,
    looks: PlanLooks,
    levels: Option<SoundLevels>,
    folder: &'a Path,
    models: Option<&'a Models>,
    limits: &'a Limits,
    known: KnownFields,
    /// Frames that are needed in any case, by number.
    made: BTreeMap<u64, Expected>,
    task: &'a Task,
}

/// A frame of the plan, or the reason why the sources cannot provide it.
type Expected = Result<Rgb8, String>;

impl Expectation<'_> {
    /// The frames `compared`, and for each of `blended` also the one before it. They need nothing of the film, so they
    /// are made while it is read.
    fn made_beforehand(
        &self,
        compared: &[u64],
        blended: &[u64],
    ) -> Result<BTreeMap<u64, Expected>> {
        let pairs = blended.iter().map(|number| self.pair_range(*number));
        let singles = compared.iter().map(|number| self.frame_range(*number));
        let mut made = BTreeMap::new();
        for range in pairs.chain(singles) {
            if range.clone().all(|number| made.contains_key(&number)) {
                continue;
            }
            let frames = self.frames(range.clone())?;
            made.extend(range.enumerate().map(|(at, number)| {
                let frame = frames.as_ref().map_err(String::clone);
                let frame = frame.and_then(|all| all.get(at).cloned().ok_or_else(no_frame));
                (number, frame)
            }));
        }
        Ok(made)
    }

    /// Frame `number`.
    fn frame(&self, number: u64) -> Result<Expected> {
        let made = self.frames(self.frame_range(number))?;
        Ok(made.and_then(|mut made| made.pop().ok_or_else(no_frame)))
    }

    /// The frame before `number`, and that one. Sources are opened and read up to there once for both.
    fn pair(&self, number: u64) -> Result<Result<[Rgb8; 2], String>> {
        let made = self.frames(self.pair_range(number))?;
        Ok(made.and_then(|made| made.try_into().map_err(|_| no_frame())))
    }

    fn frame_range(&self, number: u64) -> Range<u64> {
        let number = number.min(self.timeline.frames.saturating_sub(1));
        number..number + 1
    }

    fn pair_range(&self, number: u64) -> Range<u64> {
        let number = number.clamp(1, self.timeline.frames.saturating_sub(1).max(1));
        number - 1..number + 1
    }

    /// The frames of `range`, from those already made or from the sources.
    fn frames(&self, range: Range<u64>) -> Result<Result<Vec<Rgb8>, String>> {
        let known: Option<Vec<&Expected>> = range.clone().map(|at| self.made.get(&at)).collect();
        match known {
            Some(known) => Ok(known.into_iter().cloned().collect()),
            None => self.made_now(range),
        }
    }

    fn made_now(&self, range: Range<u64>) -> Result<Result<Vec<Rgb8>, String>> {
        let mut layers = range
            .clone()
            .flat_map(|number| self.timeline.layers(number));
        let frames = FilmFrames {
            models: self.models,
            timeline: self.timeline,
            looks: &self.looks,
            levels: self.levels.as_ref(),
            folder: self.folder,
            limits: *self.limits,
            known: &self.known,
            decoder_threads: 1,
            drawing_threads: None,
            // What is compared is small, and alike with a blurred background, too, but not with another one.
            finds_people: layers.any(|layer| layer.state.backdrop_color.is_some()),
            size: picture_scan::small(self.timeline.size),
        };
        let mut all = Vec::new();
        let made = frames.each(range, self.task, |made| {
            if let FinishedFrame::Rgb(made) = made {
                all.push(made.clone());
            }
            Ok(())
        });
        match made {
            Err(Error::Cancelled) => Err(Error::Cancelled),
            Err(error) => Ok(Err(error.to_string())),
            Ok(_) => Ok(Ok(all)),
        }
    }
}

/// What a thread returned; its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    let joined = thread.join();
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn no_frame() -> String {
    "no frame was made".into()
}

/// The middle frames of the compared segments, in order.
fn compared_frames(timeline: &Timeline<'_>) -> Vec<u64> {
    let count = timeline.segments.len();
    let compared = count.min(COMPARED_SEGMENTS);
    (0..compared)
        .filter_map(|number| timeline.segments.get(number * count / compared))
        .map(|entry| entry.first + entry.frames / 2)
        .collect()
}

fn check_content(
    scan: &picture_scan::PictureScan,
    compared: &[u64],
    expectation: &Expectation<'_>,
    report: &mut VerifyReport,
) -> Result<()> {
    let mut wrong = Vec::new();
    let (mut alike, mut flat) = (0, 0);
    let kept = scan.kept.iter();
    for (number, found) in kept.filter(|(number, _)| compared.contains(number)) {
        let time = expectation.timeline.time_of(*number).seconds();
        match expectation.frame(*number)? {
            Err(reason) => wrong.push(format!("at {time:.2} s: {reason}")),
            Ok(expected) => match likeness(&expected, found) {
                None => flat += 1,
                Some(likeness) if likeness < ALIKE => wrong.push(format!(
                    "at {time:.2} s the picture is not the source's (likeness {likeness:.2})"
                )),
                Some(_) => alike += 1,
            },
        }
    }
    let all = expectation.timeline.segments.len();
    let detail = content_detail(alike, flat, all, &wrong);
    report.add("content", wrong.is_empty(), detail);
    Ok(())
}

/// A sentence on how many of `all` segments were compared, and the result.
fn content_detail(alike: usize, flat: usize, all: usize, wrong: &[String]) -> String {
    let count = alike + wrong.len();
    let compared = counted(count, "segment");
    let mut parts = vec![if count == 0 {
        format!("compared none of {}", counted(all, "segment"))
    } else if wrong.is_empty() {
        format!("compared {compared} of {all}: as planned")
    } else {
        format!("compared {compared} of {all}: {} wrong", wrong.len())
    }];
    parts.extend(wrong.iter().cloned());
    if flat > 0 {
        parts.push(format!("{flat} too flat to compare"));
    }
    parts.join("; ")
}

/// Pearson correlation of the brightness of two pictures of one size, -1..1; `None` if the first has no pattern.
fn likeness(expected: &Rgb8, found: &Rgb8) -> Option<f64> {
    let (expected, found) = (brightness(expected), brightness(found));
    let count = expected.len().min(found.len()) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let (mean_expected, mean_found) = (mean(&expected), mean(&found));
    let (mut both, mut of_expected, mut of_found) = (0.0, 0.0, 0.0);
    for (expected, found) in expected.iter().zip(&found) {
        let (expected, found) = (expected - mean_expected, found - mean_found);
        both += expected * found;
        of_expected += expected * expected;
        of_found += found * found;
    }
    if (of_expected / count).sqrt() < FLAT {
        return None;
    }
    // A flat picture correlates with nothing.
    Some(both / (of_expected * of_found).sqrt().max(1e-9))
}

/// Brightness of each pixel, 0..255 (BT.709 weights on the encoded values).
fn brightness(picture: &Rgb8) -> Vec<f64> {
    picture
        .pixels()
        .map(|[red, green, blue]| {
            0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue)
        })
        .collect()
}

/// Half a second in frames, at least 2.
fn half_second(frame_rate: Rational) -> u64 {
    u64::try_from((frame_rate * Rational::new(1, 2).unwrap_or(Rational::ONE)).round())
        .unwrap_or(2)
        .max(2)
}

/// `1 cut`, `2 cuts`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_what_was_compared() {
        let detail = content_detail(8, 0, 25, &[]);
        assert_eq!(detail, "compared 8 segments of 25: as planned");
        let detail = content_detail(0, 2, 2, &[]);
        assert_eq!(detail, "compared none of 2 segments; 2 too flat to compare");
        let detail = content_detail(6, 2, 25, &["at 1.00 s: gone".into()]);
        assert_eq!(
            detail,
            "compared 7 segments of 25: 1 wrong; at 1.00 s: gone; 2 too flat to compare"
        );
    }
}
